# SPDX-License-Identifier: MIT
"""Sinew: robots that learn, as Gymnasium environments and as policies.

``gymnasium.make("sinew:Sinew/Hopper-v0")`` makes an environment of a scene that comes with Sinew, ``sinew.make(PATH)`` one of your
own. ``gymnasium.make_vec`` and ``sinew.make_vec`` step many at once, on several threads. ``sinew.load_policy`` runs what Sinew
has trained, ``sinew.save_policy`` brings back what others trained in its scenes, ``sinew.evaluate`` scores it.
"""
import gymnasium

from ._library import Error, InvalidInput, UseError, scenes
from ._version import __version__
from .environment import SinewEnv, make
from .policy import Evaluation, Policy, evaluate, load_policy, save_policy
from .vector import SinewVectorEnv, make_vec

__all__ = [
    "Error", "Evaluation", "InvalidInput", "Policy", "SinewEnv", "SinewVectorEnv", "UseError", "__version__", "evaluate",
    "load_policy", "make", "make_vec", "save_policy", "scenes",
]


def _register() -> None:
    """Names every scene that comes with the package as Gymnasium names environments: half-cheetah is Sinew/HalfCheetah-v0."""
    from ._library import SHARE

    for file in sorted((SHARE / "Scenes").glob("*.yaml")):
        name = "".join(part.capitalize() for part in file.stem.split("-"))
        gymnasium.register(
            id=f"Sinew/{name}-v0",
            entry_point="sinew.environment:SinewEnv",
            vector_entry_point="sinew.vector:SinewVectorEnv",
            kwargs={"scene": file.stem},
        )


_register()
