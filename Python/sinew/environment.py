# SPDX-License-Identifier: MIT
"""One environment of a scene, as Gymnasium has them."""
import os
from ctypes import c_uint64
from typing import Any

import gymnasium
import numpy

from . import drawing, spaces
from ._library import LIBRARY, Environments, InvalidInput, check, whole

SEEDS = 2**64 - 1


class SinewEnv(gymnasium.Env, gymnasium.utils.EzPickle):
    """A robot in a scene.

    Observations are float32, their elements named and with units in ``description["observations"]``; actions are float32 within
    [-1, 1], what is outside is clipped, and ``description["actions"]`` says what they command. The same seed and actions give the
    same bits as ``sinew replay --seed``. An episode that the simulation could not finish is truncated, with ``diverged`` in its info.
    What is pickled is how it was made, not its state: that is ``save_state``.

    Args:
        scene: the name of a scene that comes with Sinew, or the path of a YAML file.
        settings: keys of the scene with other values, as ``--set`` of the command takes them, such as ``{"physics.substeps": 8}``.
        terms: whether ``info["reward_terms"]`` has what each reward term gave (weight times quantity).
        render_mode: None or ``"rgb_array"``.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}

    def __init__(
        self,
        scene: "str | os.PathLike[str]" = "pendulum",
        settings: "dict[str, Any] | None" = None,
        terms: bool = True,
        render_mode: "str | None" = None,
    ) -> None:
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise InvalidInput(f"render_mode={render_mode!r}; allowed: None, 'rgb_array'")
        gymnasium.utils.EzPickle.__init__(self, scene, settings, terms, render_mode)
        self._environments = Environments(scene, settings, count=1, threads=1)
        self.description: dict[str, Any] = self._environments.description
        self.metadata = {**self.metadata, "render_fps": round(1 / self.description["control_period"])}
        self.render_mode = render_mode
        self.observation_space = spaces.observation_space(self.description)
        self.action_space = spaces.action_space(self.description)
        self._terms = self._environments.term_names if terms else None
        self._is_seeded = False
        # What each step touches, looked up once.
        shared = self._environments
        self._action, self._observation = shared.actions[0], shared.observations[0]
        self._reward, self._flags, self._term_values = shared.rewards, shared.flags, shared.terms[0]
        self._shape = self._action.shape
        self._step = LIBRARY.sinew_environments_step

    def reset(self, *, seed: "int | None" = None, options: "dict[str, Any] | None" = None) -> "tuple[numpy.ndarray, dict[str, Any]]":
        """Starts an episode; a seed makes it the same one each time. There are no options."""
        super().reset(seed=seed)
        if seed is None and not self._is_seeded:
            seed = int(self.np_random.integers(2**63))
        if seed is None:
            check(LIBRARY.sinew_environments_reset(self._environments.handle, None, None, None))
        else:
            seeds = (c_uint64 * 1)(whole(seed, "seed", 0, SEEDS))
            check(LIBRARY.sinew_environments_reset(self._environments.handle, None, seeds, None))
        self._is_seeded = True
        return self._observation.copy(), {}

    def step(self, action: numpy.ndarray) -> "tuple[numpy.ndarray, float, bool, bool, dict[str, Any]]":
        """Does one control step.

        Raises:
            InvalidInput: the action has another shape, or is not finite; nothing has moved.
            UseError: before ``reset``, after the end of an episode or ``close``, or from two threads at once.
        """
        try:
            action = numpy.asarray(action, numpy.float32)
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"an action of numbers is needed: {error}") from None
        if action.shape != self._shape:
            raise InvalidInput(f"an action of shape {action.shape}; the scene takes {self._shape}")
        self._action[...] = action
        result = self._step(self._environments.handle, 0)
        if result:
            check(result)
        flags = self._flags.item()
        info: dict[str, Any] = {}
        if self._terms is not None:
            info["reward_terms"] = dict(zip(self._terms, self._term_values.tolist()))
        if flags & 4:
            info["diverged"] = True
        return self._observation.copy(), self._reward.item(), flags & 1 != 0, flags & 6 != 0, info

    def save_state(self) -> bytes:
        """The whole state, random stream included: ``restore_state`` goes on from it with the same bits."""
        return self._environments.save(0)

    def restore_state(self, state: bytes) -> numpy.ndarray:
        """Goes on where ``save_state`` of an environment of the same scene was; returns what was seen then."""
        self._environments.restore(0, state)
        self._is_seeded = True
        return self._observation.copy()

    def render(self) -> "numpy.ndarray | None":
        """A picture of the robot, (height, width, 3) bytes; None without a render mode."""
        if self.render_mode is None:
            return None
        return drawing.picture(self._environments.handle, 0)

    def close(self) -> None:
        """Lets go of the simulation; twice does no harm."""
        self._environments.close()


def make(scene: "str | os.PathLike[str]", **arguments: Any) -> SinewEnv:
    """An environment of a scene by name or path, without Gymnasium's wrappers; arguments are those of ``SinewEnv``."""
    return SinewEnv(scene, **arguments)
