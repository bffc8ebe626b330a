# SPDX-License-Identifier: MIT
"""Reads what Sinew wrote for other tools by their own readers; see test-formats.sh."""
import csv
import json
import pathlib
import subprocess
import sys

import numpy
import pygltflib
import trimesh
from PIL import Image, ImageSequence
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder = pathlib.Path(sys.argv[1])


def expect(claim: bool, text: str) -> None:
    print(("ok    " if claim else "WRONG ") + text)
    if not claim:
        sys.exit(1)


def pictures() -> None:
    scene = Image.open(folder / "ant.png")
    scene.load()
    expect(scene.size == (640, 480) and scene.mode == "RGB", f"ant.png: {scene.size}, {scene.text}")
    strip = Image.open(folder / "a.png")
    strip.load()
    expect(strip.size == (6 * 320 + 5 * 4, 240), f"a.png: {strip.size}, {strip.text}")
    film = Image.open(folder / "a.gif")
    frames = [(numpy.asarray(frame.convert("RGB")).astype(int), frame.info["duration"]) for frame in ImageSequence.Iterator(film)]
    seconds = sum(duration for _, duration in frames) / 1000
    expect(film.size == (640, 480) and len(frames) > 10, f"a.gif: {len(frames)} pictures, {seconds} s, {(folder / 'a.gif').stat().st_size} bytes")
    expect(any((frame != frames[0][0]).any() for frame, _ in frames), "a.gif moves")
    # The same moment in both: the strip's first, at half the size.
    small = frames[0][0].reshape(240, 2, 320, 2, 3).mean((1, 3))
    error = numpy.abs(small - numpy.asarray(strip).astype(int)[:, :320]).mean()
    expect(error < 6, f"GIF and PNG show the same: {error:.2f} of 255 apart")
    probed = json.loads(subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-of", "json", folder / "a.mp4"], check=True, capture_output=True).stdout)
    stream = probed["streams"][0]
    expect((stream["width"], stream["height"]) == (640, 480) and int(stream["nb_frames"]) == len(frames), f"a.mp4: {stream['codec_name']}, {stream['nb_frames']} pictures")


def model() -> None:
    gltf = pygltflib.GLTF2().load(str(folder / "a.glb"))
    expect(len(gltf.animations) == 1 and len(gltf.meshes) > 5, f"a.glb: {len(gltf.nodes)} nodes, {len(gltf.meshes)} meshes, {len(gltf.animations[0].channels)} channels")
    scene = trimesh.load(folder / "a.glb")
    low, high = scene.bounds
    expect(bool((high - low < 1.2).all() and (high - low > 0.15).all() and low[1] > -0.05), f"a.glb in trimesh: {numpy.round(high - low, 3)} m, lowest {low[1]:.3f}")
    volumes = [mesh.volume for mesh in scene.geometry.values()]
    expect(all(volume > 0 for volume in volumes), "all surfaces are turned outwards")


def events() -> None:
    accumulator = EventAccumulator(str(folder / "run" / "tensorboard"), size_guidance={"scalars": 0})
    accumulator.Reload()
    files = sorted(path.name for path in (folder / "run" / "tensorboard").iterdir())
    for table, prefix in (("progress", "train"), ("evaluations", "evaluation")):
        rows = list(csv.DictReader((folder / "run" / f"{table}.csv").open()))
        for column in rows[0]:
            tag = f"{prefix}/{column}"
            if tag not in accumulator.Tags()["scalars"]:
                continue
            expected = [(int(row["step"]), float(row[column])) for row in rows if row[column] != ""]
            points = [(event.step, event.value) for event in accumulator.Scalars(tag)]
            same = len(points) == len(expected) and all(
                step == wanted and abs(value - number) <= 1e-6 * max(1, abs(number))
                for (step, value), (wanted, number) in zip(points, expected))
            expect(same, f"{tag}: {len(points)} points of {len(expected)} rows, from {len(files)} files")


pictures()
model()
events()
