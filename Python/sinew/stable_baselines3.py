# SPDX-License-Identifier: MIT
"""Sinew's vector environment as Stable-Baselines3's ``VecEnv``."""
import os
from typing import Any, Sequence

import numpy
from stable_baselines3.common.vec_env.base_vec_env import VecEnv

from gymnasium.vector import AutoresetMode

from .vector import SinewVectorEnv


class SinewVecEnv(VecEnv):
    """``num_envs`` environments of a scene for Stable-Baselines3: ``SAC("MlpPolicy", SinewVecEnv("hopper", 4))``.

    Arguments are those of ``SinewVectorEnv``; each env's info has ``terminal_observation``, ``TimeLimit.truncated`` and ``episode``
    where its episode ended, so that no ``VecMonitor`` is needed.
    """

    def __init__(self, scene: "str | os.PathLike[str]", num_envs: int = 1, **arguments: Any) -> None:
        self.environments = SinewVectorEnv(num_envs, scene, autoreset_mode=AutoresetMode.SAME_STEP, **arguments)
        self.render_mode = self.environments.render_mode
        super().__init__(num_envs, self.environments.single_observation_space, self.environments.single_action_space)
        self._actions: "numpy.ndarray | None" = None

    def reset(self) -> numpy.ndarray:
        seeds = self._seeds if any(seed is not None for seed in self._seeds) else None
        observations, _ = self.environments.reset(seed=seeds)
        self._reset_seeds()
        self._reset_options()
        return observations

    def step_async(self, actions: numpy.ndarray) -> None:
        self._actions = actions

    def step_wait(self) -> "tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray, list[dict[str, Any]]]":
        observations, rewards, terminated, truncated, info = self.environments.step(self._actions)
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        over = terminated | truncated
        for index in numpy.flatnonzero(over):
            infos[index] = {
                "terminal_observation": info["final_obs"][index],
                "TimeLimit.truncated": bool(truncated[index] and not terminated[index]),
                "episode": {"r": float(info["episode"]["r"][index]), "l": int(info["episode"]["l"][index]), "t": 0.0},
            }
        return observations, rewards.astype(numpy.float32), over, infos

    def close(self) -> None:
        self.environments.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> "list[Any]":
        return [getattr(self.environments, attr_name)] * len(self._indices(indices))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        raise AttributeError(f"{attr_name}: the environments of one scene have no attributes of their own; make others")

    def env_method(self, method_name: str, *arguments: Any, indices: Any = None, **keywords: Any) -> "list[Any]":
        method = getattr(self.environments, method_name)
        return [method(index, *arguments, **keywords) for index in self._indices(indices)]

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> "list[bool]":
        # Episodes are counted here already, which is what evaluation asks for.
        return [wrapper_class.__name__ == "Monitor"] * len(self._indices(indices))

    def get_images(self) -> "Sequence[numpy.ndarray | None]":
        return self.environments.render() or [None] * self.num_envs

    def _indices(self, indices: Any) -> "list[int]":
        return list(self._get_indices(indices))
