# SPDX-License-Identifier: MIT
"""Many environments of a scene that step in one call, as Gymnasium's vector environments."""
import os
from ctypes import POINTER, c_uint8, c_uint64
from typing import Any

import gymnasium
import numpy
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from . import drawing, spaces
from ._library import LIBRARY, Environments, InvalidInput, check, whole
from .environment import SEEDS

MODES = {AutoresetMode.DISABLED: 0, AutoresetMode.NEXT_STEP: 1, AutoresetMode.SAME_STEP: 2}


class SinewVectorEnv(gymnasium.vector.VectorEnv):
    """``num_envs`` robots in their own copies of a scene; each has its own random numbers, so threads change no bit.

    Args:
        num_envs: how many.
        scene: as in ``SinewEnv``.
        settings: as in ``SinewEnv``.
        threads: how many step at the same time; all cores where it is None.
        autoreset_mode: what is done where an episode is over, see Gymnasium's ``AutoresetMode``. With ``SAME_STEP`` the info has
            ``final_obs`` and ``final_info``.
        terms: whether ``info["reward_terms"]`` has an array for each reward term.
        render_mode: None or ``"rgb_array"``: ``render`` gives a picture of each.
    """

    def __init__(
        self,
        num_envs: int = 1,
        scene: "str | os.PathLike[str]" = "pendulum",
        settings: "dict[str, Any] | None" = None,
        threads: "int | None" = None,
        autoreset_mode: "AutoresetMode | str" = AutoresetMode.NEXT_STEP,
        terms: bool = False,
        render_mode: "str | None" = None,
    ) -> None:
        try:
            autoreset_mode = AutoresetMode(autoreset_mode)
        except ValueError:
            raise InvalidInput(f"autoreset_mode={autoreset_mode!r}; allowed: {[mode.value for mode in MODES]}") from None
        if render_mode not in (None, "rgb_array"):
            raise InvalidInput(f"render_mode={render_mode!r}; allowed: None, 'rgb_array'")
        count = whole(num_envs, "num_envs", 1, 65_536)
        threads = threads if threads is not None else min(len(os.sched_getaffinity(0)), count, 256)
        self._environments = Environments(scene, settings, count, threads)
        self.description: dict[str, Any] = self._environments.description
        self.num_envs = count
        self.single_observation_space = spaces.observation_space(self.description)
        self.single_action_space = spaces.action_space(self.description)
        self.observation_space = batch_space(self.single_observation_space, count)
        self.action_space = batch_space(self.single_action_space, count)
        self.render_mode = render_mode
        self.metadata = {
            "render_modes": ["rgb_array"], "render_fps": round(1 / self.description["control_period"]),
            "autoreset_mode": autoreset_mode,
        }
        self._mode = MODES[autoreset_mode]
        self._terms = self._environments.term_names if terms else None
        self._is_seeded = False
        self._returns, self._lengths = numpy.zeros(count), numpy.zeros(count, numpy.int64)

    def reset(
        self, *, seed: "int | list[int | None] | None" = None, options: "dict[str, Any] | None" = None
    ) -> "tuple[numpy.ndarray, dict[str, Any]]":
        """Starts episodes: in all environments, or where ``options["reset_mask"]`` is true. One seed gives seed, seed + 1, ..."""
        mask = self._mask((options or {}).get("reset_mask"))
        seeds, seeded = self._seeds(seed)
        check(
            LIBRARY.sinew_environments_reset(
                self._environments.handle, mask.ctypes.data_as(POINTER(c_uint8)), seeds, seeded.ctypes.data_as(POINTER(c_uint8))
            )
        )
        self._is_seeded = True
        self._returns[mask != 0], self._lengths[mask != 0] = 0, 0
        return self._environments.observations.copy(), {}

    def step(
        self, actions: numpy.ndarray
    ) -> "tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray, numpy.ndarray, dict[str, Any]]":
        """Does one control step in each environment; errors are those of ``SinewEnv.step``."""
        shared = self._environments
        try:
            actions = numpy.asarray(actions, numpy.float32)
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"actions of numbers are needed: {error}") from None
        if actions.shape != shared.actions.shape:
            raise InvalidInput(f"actions of shape {actions.shape}; {shared.actions.shape} are taken")
        shared.actions[...] = actions
        check(LIBRARY.sinew_environments_step(shared.handle, self._mode))
        flags, rewards = shared.flags, shared.rewards.copy()
        terminated, truncated = flags & 1 != 0, flags & 6 != 0
        return shared.observations.copy(), rewards, terminated, truncated, self._info(rewards, flags)

    def _info(self, rewards: numpy.ndarray, flags: numpy.ndarray) -> "dict[str, Any]":
        """Reward terms, and what is known of the episodes that ended."""
        shared, info = self._environments, {}
        over = flags & 7 != 0
        moved = over | (flags & 8 == 0)
        self._returns += rewards
        self._lengths += moved
        if self._terms is not None:
            info["reward_terms"] = {name: shared.terms[:, i].copy() for i, name in enumerate(self._terms)}
        if over.any():
            info["episode"] = {"r": numpy.where(over, self._returns, 0), "l": numpy.where(over, self._lengths, 0)}
            info["_episode"] = over
            if self._mode == 2:
                last = numpy.full(self.num_envs, None, object)
                for index in numpy.flatnonzero(over):
                    last[index] = shared.last_observations[index].copy()
                info.update(final_obs=last, _final_obs=over.copy(), final_info={}, _final_info=over.copy())
            self._returns[over], self._lengths[over] = 0, 0
        if (flags & 4).any():
            info["diverged"] = info["_diverged"] = flags & 4 != 0
        return info

    def save_state(self, index: int) -> bytes:
        """The whole state of one environment; see ``SinewEnv.save_state``."""
        return self._environments.save(whole(index, "index", 0, self.num_envs - 1))

    def restore_state(self, index: int, state: bytes) -> numpy.ndarray:
        """Lets one environment go on from a state; returns what was seen then."""
        self._environments.restore(whole(index, "index", 0, self.num_envs - 1), state)
        return self._environments.observations[index].copy()

    def render(self) -> "tuple[numpy.ndarray, ...] | None":
        """A picture of each environment; None without a render mode."""
        if self.render_mode is None:
            return None
        return tuple(drawing.picture(self._environments.handle, index) for index in range(self.num_envs))

    def close_extras(self, **arguments: Any) -> None:
        """Lets go of the simulation."""
        self._environments.close()

    def _mask(self, mask: Any) -> numpy.ndarray:
        if mask is None:
            return numpy.ones(self.num_envs, numpy.uint8)
        if not isinstance(mask, numpy.ndarray) or mask.dtype != bool or mask.shape != (self.num_envs,) or not mask.any():
            raise InvalidInput(f"reset_mask: {self.num_envs} booleans in an array, at least one true, are needed")
        return mask.astype(numpy.uint8)

    def _seeds(self, seed: Any) -> "tuple[Any, numpy.ndarray]":
        if seed is None and not self._is_seeded:
            seed = int(numpy.random.SeedSequence().generate_state(1, numpy.uint64)[0] >> 1)
        if seed is None:
            seed = [None] * self.num_envs
        elif not isinstance(seed, (list, tuple)):
            first = whole(seed, "seed", 0, SEEDS)
            seed = [(first + index) % 2**64 for index in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise InvalidInput(f"{len(seed)} seeds for {self.num_envs} environments")
        seeded = numpy.array([one is not None for one in seed], numpy.uint8)
        return (c_uint64 * self.num_envs)(*(0 if one is None else whole(one, "seed", 0, SEEDS) for one in seed)), seeded


def make_vec(scene: "str | os.PathLike[str]", num_envs: int = 1, **arguments: Any) -> SinewVectorEnv:
    """Environments of a scene by name or path; arguments are those of ``SinewVectorEnv``."""
    return SinewVectorEnv(num_envs, scene, **arguments)
