# SPDX-License-Identifier: MIT
"""Policies: what Sinew has trained acts on arrays, and what others trained in its scenes becomes a policy file."""
import ctypes
import dataclasses
import os
import weakref
from typing import Any, Sequence

import numpy

from ._library import CLOSED, LIBRARY, Environments, InvalidInput, check, document, encoded, whole
from .environment import SEEDS


class Policy:
    """A policy file, run by the engine that runs it on the robot.

    Args:
        path: a policy file, or the folder of a run, whose best policy is taken.
    """

    def __init__(self, path: "str | os.PathLike[str]") -> None:
        self._run_folder = os.fspath(path) if os.path.exists(os.path.join(path, "run.yaml")) else None
        self._handle = check(LIBRARY.sinew_policy_open(encoded(path)))
        self._let_go = weakref.finalize(self, LIBRARY.sinew_close, self._handle)
        #: What the policy promises: names, units, ranges and rates, as docs/policy-file.md has it.
        self.contract: dict[str, Any] = document(LIBRARY.sinew_policy_contract(self._handle))
        self.observation_count = len(self.contract["observations"])
        self.action_count = len(self.contract["actions"])

    def act(self, observation: numpy.ndarray, deterministic: bool = True) -> numpy.ndarray:
        """Actions within [-1, 1]: (actions) for one observation, (n, actions) for a batch of n."""
        return self._run(observation, 0 if deterministic else 2)

    def command(self, observation: numpy.ndarray) -> numpy.ndarray:
        """The same in the units of the actuators, cut off as they were in training."""
        return self._run(observation, 1)

    def predict(
        self, observation: numpy.ndarray, state: Any = None, episode_start: Any = None, deterministic: bool = True
    ) -> "tuple[numpy.ndarray, Any]":
        """As Stable-Baselines3's models have it, for its ``evaluate_policy``."""
        return self.act(observation, deterministic), state

    def seed(self, seed: int) -> None:
        """Seeds what is drawn where actions are not deterministic."""
        check(LIBRARY.sinew_policy_seed(self._handle, whole(seed, "seed", 0, SEEDS)))

    def _run(self, observation: numpy.ndarray, kind: int) -> numpy.ndarray:
        try:
            rows = numpy.ascontiguousarray(observation, numpy.float32)
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"observations of numbers are needed: {error}") from None
        if rows.ndim not in (1, 2) or rows.shape[-1] != self.observation_count:
            raise InvalidInput(
                f"observations of shape {rows.shape}; ({self.observation_count},) or (n, {self.observation_count}) are taken"
            )
        actions = numpy.empty(rows.shape[:-1] + (self.action_count,), numpy.float32)
        count = rows.shape[0] if rows.ndim == 2 else 1
        check(LIBRARY.sinew_policy_act(self._handle, count, rows.ctypes.data, actions.ctypes.data, kind))
        return actions

    def close(self) -> None:
        """Lets go of the network; twice does no harm."""
        self._let_go()
        self._handle = CLOSED


def load_policy(path: "str | os.PathLike[str]") -> Policy:
    """Reads a policy file, or the best policy of a run's folder."""
    return Policy(path)


def scene_of(policy: Policy) -> str:
    """The scene that a policy was trained in: its run's own, or the one that it names."""
    return os.path.join(policy._run_folder, "") if policy._run_folder else policy.contract["scene"]


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """What a policy got in whole episodes; returns are sums of rewards, not discounted."""

    scene: str
    mean_return: float
    std_return: float
    mean_length: float
    terminated: int
    truncated: int
    diverged: int
    returns: "list[float]"
    lengths: "list[int]"


def evaluate(
    policy: "Policy | str | os.PathLike[str]",
    scene: "str | os.PathLike[str] | None" = None,
    *,
    episodes: int = 10,
    seed: int = 0,
    deterministic: bool = True,
    settings: "dict[str, Any] | None" = None,
) -> Evaluation:
    """Scores a policy in whole episodes, to the bit as ``sinew replay --seed`` does; in the scene that it names unless told otherwise."""
    policy = policy if isinstance(policy, Policy) else Policy(policy)
    environments = Environments(scene_of(policy) if scene is None else scene, settings, count=1, threads=1)
    try:
        episodes = whole(episodes, "episodes", 1, 10**9)
        seed = whole(seed, "seed", 0, SEEDS)
        found = document(LIBRARY.sinew_evaluate(policy._handle, environments.handle, episodes, seed, int(not deterministic)))
    finally:
        environments.close()
    found.update({key: round(found[key]) for key in ("terminated", "truncated", "diverged")})
    found["lengths"] = [round(length) for length in found["lengths"]]
    return Evaluation(**found)


def save_policy(
    path: "str | os.PathLike[str]",
    actor: Any,
    scene: "str | os.PathLike[str]",
    *,
    normaliser: Any = None,
    algorithm: str = "sac",
    seed: int = 0,
    steps: int = 0,
    settings: "dict[str, Any] | None" = None,
    force: bool = False,
) -> None:
    """Writes a policy file of a network that was trained in a scene, so that ``sinew replay``, ``export`` and ``verify`` take it.

    Args:
        path: the file; one that is there is not overwritten without ``force``.
        actor: the actor of a Stable-Baselines3 SAC (``model.actor``, or ``model`` itself), a torch ``Sequential`` of ``Linear`` and
            ``ReLU``, or a list of (W, b) with W (outputs, inputs). ReLU stands between layers, tanh after the last.
        scene: its name or path.
        normaliser: Stable-Baselines3's ``VecNormalize``, or (mean, standard deviation, clip).
        algorithm, seed, steps: how it was trained, for the contract.
    """
    layers = _layers(getattr(actor, "actor", actor))
    sizes = [layers[0][0].shape[1]] + [weight.shape[0] for weight, _ in layers]
    numbers = numpy.concatenate([part.ravel() for layer in layers for part in layer]).astype(numpy.float32)
    environments = Environments(scene, settings, count=1, threads=1)
    try:
        mean, deviation, clip = _normaliser(normaliser, sizes[0])
        check(
            LIBRARY.sinew_policy_write(
                environments.handle, encoded(path), int(force), (ctypes.c_int64 * len(sizes))(*sizes), len(layers), numbers.ctypes.data,
                None if mean is None else mean.ctypes.data, None if mean is None else deviation.ctypes.data, clip, encoded(algorithm),
                whole(seed, "seed", 0, SEEDS), whole(steps, "steps", 0, 2**62),
            )
        )
    finally:
        environments.close()


def _layers(actor: Any) -> "list[tuple[numpy.ndarray, numpy.ndarray]]":
    """(W, b) of each layer, the deviations' rows below the means'."""
    if isinstance(actor, (list, tuple)):
        layers = [(numpy.asarray(weight, numpy.float32), numpy.asarray(bias, numpy.float32)) for weight, bias in actor]
    elif hasattr(actor, "latent_pi"):
        layers = _sequence(actor.latent_pi)
        if not (hasattr(actor, "mu") and hasattr(actor, "log_std")) or getattr(actor, "use_sde", False):
            raise InvalidInput("an actor with mu and log_std, without gSDE, is needed, as Stable-Baselines3's SAC has it")
        means, deviations = _linear(actor.mu), _linear(actor.log_std)
        layers.append(tuple(numpy.concatenate(pair) for pair in zip(means, deviations)))
    else:
        layers = _sequence(actor)
    if not layers:
        raise InvalidInput("a network without layers")
    inputs = layers[0][0].shape[-1] if layers[0][0].ndim == 2 else 0
    for index, (weight, bias) in enumerate(layers):
        if weight.ndim != 2 or weight.shape[1] != inputs or bias.shape != (weight.shape[0],):
            raise InvalidInput(f"layer {index}: W {weight.shape} and b {bias.shape} do not fit {inputs} inputs")
        inputs = weight.shape[0]
    return layers


def _sequence(modules: Any) -> "list[tuple[numpy.ndarray, numpy.ndarray]]":
    try:
        modules = list(modules)
    except TypeError:
        raise InvalidInput(f"a {type(modules).__name__} is no network that a policy file can hold") from None
    layers = []
    for module in modules:
        kind = type(module).__name__
        if kind == "Linear":
            layers.append(_linear(module))
        elif kind not in ("ReLU", "Flatten", "Identity"):
            raise InvalidInput(f"a {kind} between the layers; a policy file has ReLU")
    return layers


def _linear(module: Any) -> "tuple[numpy.ndarray, numpy.ndarray]":
    return module.weight.detach().cpu().numpy(), module.bias.detach().cpu().numpy()


def _normaliser(normaliser: Any, count: int) -> "tuple[numpy.ndarray | None, numpy.ndarray | None, float]":
    if normaliser is None:
        return None, None, 1.0
    if hasattr(normaliser, "obs_rms"):
        statistics: Sequence[Any] = (
            normaliser.obs_rms.mean, numpy.sqrt(normaliser.obs_rms.var + normaliser.epsilon), normaliser.clip_obs,
        )
    else:
        statistics = normaliser
    mean, deviation = (numpy.ascontiguousarray(part, numpy.float32) for part in statistics[:2])
    if mean.shape != (count,) or deviation.shape != (count,):
        raise InvalidInput(f"mean and deviation of shapes {mean.shape} and {deviation.shape}; ({count},) is needed")
    return mean, deviation, float(statistics[2])
