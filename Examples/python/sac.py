# SPDX-License-Identifier: MIT
"""Soft actor-critic on a scene of Sinew, in one file to read from top to bottom and to change: PyTorch and Gymnasium alone.

    pip install sinew-*.whl torch
    python sac.py --scene pendulum --steps 20000 --output pendulum.safetensors

Several robots step in one call; the networks are updated once for each step of each robot. What comes out is a policy file, which
`sinew.evaluate`, `sinew replay`, `sinew export` and `python -m sinew.mujoco` take.
"""
import argparse
import dataclasses
import time

import gymnasium
import numpy
import torch
from torch import nn
from torch.nn import functional

import sinew


@dataclasses.dataclass
class Settings:
    """What can be set, each by a flag of its name."""

    scene: str = "pendulum"  # one of sinew.scenes(); `python -c "import sinew; print(sinew.scenes())"`
    seed: int = 0
    robots: int = 4
    steps: int = 20_000  # control steps of all robots together
    warm_up: int = 1_000  # of them with random actions, before anything is learned
    hidden: int = 64
    batch: int = 128
    buffer: int = 1_000_000  # steps that are remembered
    discount: float = 0.99
    learning_rate: float = 1e-3
    averaging: float = 0.005  # share of the critics that their targets take over in an update
    output: str = ""  # a policy file

    @classmethod
    def from_flags(cls) -> "Settings":
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        for field in dataclasses.fields(cls):
            parser.add_argument(f"--{field.name.replace('_', '-')}", type=field.type, default=field.default)
        return cls(**vars(parser.parse_args()))


def network(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, outputs)
    )


class Actor(nn.Module):
    """A normal distribution of each action, squashed by tanh; the network gives means, then logarithms of deviations."""

    def __init__(self, observations: int, hidden: int, actions: int) -> None:
        super().__init__()
        self.layers = network(observations, hidden, 2 * actions)

    def forward(self, observation: torch.Tensor) -> "tuple[torch.Tensor, torch.Tensor]":
        """An action and the logarithm of its density."""
        mean, log_deviation = self.layers(observation).chunk(2, dim=-1)
        normal = torch.distributions.Normal(mean, log_deviation.clamp(-20, 2).exp())
        drawn = normal.rsample()
        # log(1 - tanh(x)^2), in a form that does not lose its digits.
        squashed = 2 * (numpy.log(2) - drawn - functional.softplus(-2 * drawn))
        return torch.tanh(drawn), (normal.log_prob(drawn) - squashed).sum(-1)


class Critics(nn.Module):
    """Two estimates of the return of an action."""

    def __init__(self, observations: int, hidden: int, actions: int) -> None:
        super().__init__()
        self.first, self.second = (network(observations + actions, hidden, 1) for _ in range(2))

    def forward(self, observation: torch.Tensor, action: torch.Tensor) -> "tuple[torch.Tensor, torch.Tensor]":
        both = torch.cat([observation, action], -1)
        return self.first(both).squeeze(-1), self.second(both).squeeze(-1)


class Memory:
    """The last steps, of which batches are drawn."""

    def __init__(self, capacity: int, observations: int, actions: int) -> None:
        self.observations, self.next_observations = (numpy.zeros((capacity, observations), numpy.float32) for _ in range(2))
        self.actions = numpy.zeros((capacity, actions), numpy.float32)
        self.rewards, self.continues = (numpy.zeros(capacity, numpy.float32) for _ in range(2))
        self.capacity, self.count = capacity, 0

    def add(self, observation, action, reward, next_observation, terminated) -> None:
        """Steps of all robots. Only what terminates an episode ends the return; the clock does not."""
        places = (self.count + numpy.arange(len(action))) % self.capacity
        self.observations[places], self.next_observations[places] = observation, next_observation
        self.actions[places], self.rewards[places], self.continues[places] = action, reward, ~terminated
        self.count += len(action)

    def draw(self, count: int, random: numpy.random.Generator) -> "list[torch.Tensor]":
        places = random.integers(min(self.count, self.capacity), size=count)
        parts = (self.observations, self.actions, self.rewards, self.next_observations, self.continues)
        return [torch.from_numpy(part[places]) for part in parts]


class Learner:
    """The networks and their updates."""

    def __init__(self, settings: Settings, observations: int, actions: int) -> None:
        self.settings = settings
        self.actor = Actor(observations, settings.hidden, actions)
        self.critics, self.targets = (Critics(observations, settings.hidden, actions) for _ in range(2))
        self.targets.load_state_dict(self.critics.state_dict())
        self.log_temperature = torch.zeros(1, requires_grad=True)
        self.target_entropy = -float(actions)
        self.actor_optimiser, self.critic_optimiser, self.temperature_optimiser = (
            torch.optim.Adam(parameters, settings.learning_rate)
            for parameters in (self.actor.parameters(), self.critics.parameters(), [self.log_temperature])
        )

    def update(self, observation, action, reward, next_observation, continues) -> None:
        temperature = self.log_temperature.exp().detach()
        with torch.no_grad():
            next_action, log_density = self.actor(next_observation)
            value = torch.min(*self.targets(next_observation, next_action)) - temperature * log_density
            target = reward + self.settings.discount * continues * value
        first, second = self.critics(observation, action)
        step(self.critic_optimiser, functional.mse_loss(first, target) + functional.mse_loss(second, target))

        action, log_density = self.actor(observation)
        step(self.actor_optimiser, (temperature * log_density - torch.min(*self.critics(observation, action))).mean())
        step(self.temperature_optimiser, -(self.log_temperature * (log_density.detach() + self.target_entropy)).mean())

        with torch.no_grad():
            for target, source in zip(self.targets.parameters(), self.critics.parameters()):
                target.lerp_(source, self.settings.averaging)


def step(optimiser: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def main(settings: Settings) -> None:
    torch.manual_seed(settings.seed)
    torch.set_num_threads(1)
    random = numpy.random.default_rng(settings.seed)
    # In this mode an episode that ends begins again in the same step; what was seen last is in the info.
    name = "".join(part.capitalize() for part in settings.scene.split("-"))
    robots = gymnasium.make_vec(
        f"sinew:Sinew/{name}-v0", num_envs=settings.robots, vectorization_mode="vector_entry_point", autoreset_mode="SameStep"
    )
    sizes = robots.single_observation_space.shape[0], robots.single_action_space.shape[0]
    memory = Memory(min(settings.buffer, settings.steps + settings.robots), *sizes)
    learner = Learner(settings, *sizes)
    observation, _ = robots.reset(seed=settings.seed)
    returns, began = [], time.monotonic()
    for steps in range(0, settings.steps, settings.robots):
        if steps < settings.warm_up:
            action = random.uniform(-1, 1, (settings.robots, sizes[1])).astype(numpy.float32)
        else:
            with torch.no_grad():
                action = learner.actor(torch.from_numpy(observation))[0].numpy()
        next_observation, reward, terminated, truncated, info = robots.step(action)
        seen = next_observation.copy()
        for robot in numpy.flatnonzero(terminated | truncated):
            seen[robot] = info["final_obs"][robot]
            returns.append(info["episode"]["r"][robot])
        memory.add(observation, action, reward, seen, terminated)
        observation = next_observation
        if steps >= settings.warm_up:
            for _ in range(settings.robots):
                learner.update(*memory.draw(settings.batch, random))
        if steps % 2_000 < settings.robots and returns:
            print(f"step {steps}: mean return {numpy.mean(returns[-20:]):.4g}, {steps / (time.monotonic() - began):.0f} steps/s", flush=True)
    robots.close()
    if settings.output:
        sinew.save_policy(settings.output, learner.actor.layers, settings.scene, seed=settings.seed, steps=settings.steps)
        score = sinew.evaluate(settings.output, episodes=20, seed=1000)
        print(f"wrote {settings.output}: mean return {score.mean_return:.4g} ± {score.std_return:.2g} over 20 episodes")


if __name__ == "__main__":
    main(Settings.from_flags())
