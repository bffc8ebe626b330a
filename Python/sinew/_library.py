# SPDX-License-Identifier: MIT
"""The C functions of Sinew's library, and what they say when they refuse."""
import ctypes
import json
import os
import pathlib
import weakref
from ctypes import POINTER, c_char_p, c_double, c_float, c_int32, c_int64, c_uint8, c_uint64, c_void_p
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
SHARE = pathlib.Path(os.environ.get("SINEW_PYTHON_SHARE", HERE / "share"))
INTERFACE = 1


class Error(Exception):
    """Sinew refuses something."""


class InvalidInput(Error, ValueError):
    """What was given cannot be: a scene, a number, a shape."""


class UseError(Error, RuntimeError):
    """It is not to be used so, or not now: closed, before a reset, from two threads at once, in a forked child."""


def _load() -> ctypes.CDLL:
    # Scenes and robots are found beside the package, unless a home is set.
    os.environ.setdefault("SINEW_HOME", str(SHARE))
    path = os.environ.get("SINEW_LIBRARY", str(HERE / "libSinewC.so"))
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"Sinew's library cannot be loaded: {error}") from error
    signatures = {
        "sinew_interface": (),
        "sinew_text": (c_char_p, c_int64),
        "sinew_scenes": (),
        "sinew_environments_open": (c_char_p, c_char_p, c_int32, c_int32),
        "sinew_environments_describe": (c_int64,),
        "sinew_environments_bind": (c_int64,) + (c_void_p,) * 6,
        "sinew_environments_reset": (c_int64, POINTER(c_uint8), POINTER(c_uint64), POINTER(c_uint8)),
        "sinew_environments_step": (c_int64, c_int32),
        "sinew_environments_save": (c_int64, c_int32, c_char_p, c_int64),
        "sinew_environments_restore": (c_int64, c_int32, c_char_p, c_int64),
        "sinew_environments_picture": (c_int64, c_int32, c_int32, c_int32, c_void_p, c_int64),
        "sinew_environments_mujoco": (c_int64,),
        "sinew_outside_state": (c_int64, c_int32, POINTER(c_double), c_int64),
        "sinew_outside_begin": (c_int64, c_int32, POINTER(c_double), c_int64),
        "sinew_outside_finish": (c_int64, c_int32, POINTER(c_double), c_int64),
        "sinew_policy_open": (c_char_p,),
        "sinew_policy_contract": (c_int64,),
        "sinew_policy_act": (c_int64, c_int64, c_void_p, c_void_p, c_int32),
        "sinew_policy_seed": (c_int64, c_uint64),
        "sinew_policy_write": (
            c_int64, c_char_p, c_int32, POINTER(c_int64), c_int64, c_void_p, c_void_p, c_void_p, c_float, c_char_p, c_uint64, c_int64,
        ),
        "sinew_evaluate": (c_int64, c_int64, c_int64, c_uint64, c_int32),
    }
    for name, arguments in signatures.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, c_int64
    library.sinew_close.argtypes, library.sinew_close.restype = (c_int64,), None
    if library.sinew_interface() != INTERFACE:
        raise ImportError(f"{path} is of another version of Sinew than this package")
    return library


LIBRARY = _load()
KINDS = {-1: InvalidInput, -2: UseError}
# What stands for nothing any more.
CLOSED = -1


def text(count: int) -> str:
    """The text of ``count`` bytes that this thread's last call left."""
    buffer = ctypes.create_string_buffer(max(count, 1))
    taken = LIBRARY.sinew_text(buffer, count)
    return buffer.raw[:taken].decode()


def check(result: int) -> int:
    """What a call returned; raises what it refused."""
    if result < 0:
        raise KINDS.get(result, Error)(text(1 << 16))
    return result


def document(result: int) -> Any:
    """The JSON that a call left."""
    return json.loads(text(check(result)))


def encoded(value: "str | os.PathLike[str]") -> bytes:
    """A text or path as C takes it."""
    encoded_text = os.fsencode(value)
    if b"\0" in encoded_text:
        raise InvalidInput("a name with a zero character")
    return encoded_text


def whole(value: Any, name: str, low: int, high: int) -> int:
    """A whole number within bounds."""
    try:
        number = value.__index__()
    except AttributeError:
        raise InvalidInput(f"{name}={value!r}: not a whole number") from None
    if not low <= number <= high:
        raise InvalidInput(f"{name}={number}; allowed: {low} to {high}")
    return number


class Environments:
    """Environments of one scene in the library, and the memory that they share with it."""

    def __init__(self, scene: "str | os.PathLike[str]", settings: "dict[str, Any] | None", count: int, threads: int) -> None:
        import numpy

        lines = "\n".join(f"{key}={_setting(value)}" for key, value in (settings or {}).items())
        self.handle = check(
            LIBRARY.sinew_environments_open(
                encoded(scene), encoded(lines), whole(count, "num_envs", 1, 65_536), whole(threads, "threads", 1, 256)
            )
        )
        self._let_go = weakref.finalize(self, LIBRARY.sinew_close, self.handle)
        self.description = document(LIBRARY.sinew_environments_describe(self.handle))
        self.term_names = unique([term["name"] for term in self.description["rewards"]])
        rows, columns = (len(self.description[key]) for key in ("observations", "actions"))
        self.actions = numpy.zeros((count, columns), numpy.float32)
        self.observations = numpy.zeros((count, rows), numpy.float32)
        self.last_observations = numpy.zeros((count, rows), numpy.float32)
        self.rewards = numpy.zeros(count, numpy.float64)
        self.terms = numpy.zeros((count, max(1, len(self.term_names))), numpy.float64)
        self.flags = numpy.zeros(count, numpy.uint8)
        memory = (self.actions, self.observations, self.last_observations, self.rewards, self.terms, self.flags)
        check(LIBRARY.sinew_environments_bind(self.handle, *(array.ctypes.data for array in memory)))

    def save(self, index: int) -> bytes:
        """The state of one environment."""
        capacity = 1 << 12
        while True:
            buffer = ctypes.create_string_buffer(capacity)
            count = check(LIBRARY.sinew_environments_save(self.handle, index, buffer, capacity))
            if count <= capacity:
                return buffer.raw[:count]
            capacity = count

    def restore(self, index: int, state: bytes) -> None:
        """Goes on from a state."""
        if not isinstance(state, (bytes, bytearray)):
            raise InvalidInput(f"a state is bytes, not {type(state).__name__}")
        check(LIBRARY.sinew_environments_restore(self.handle, index, bytes(state), len(state)))

    def close(self) -> None:
        """Lets go of them; twice does no harm."""
        self._let_go()
        self.handle = CLOSED


def _setting(value: Any) -> str:
    written = json.dumps(value) if not isinstance(value, str) else value
    if "\n" in written:
        raise InvalidInput("a setting is one line")
    return written


def unique(names: "list[str]") -> "list[str]":
    """Names of which none stands twice: the second one gets a number."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return result


def scenes() -> "dict[str, str]":
    """The scenes that can be found by name, each with what it is about."""
    return {scene["name"]: scene["summary"] for scene in document(LIBRARY.sinew_scenes())}
