# SPDX-License-Identifier: MIT
"""Reads what Sinew wrote for other tools by their own readers; see test-formats.sh."""
import csv
import importlib
import io
import json
import pathlib
import subprocess
import sys

import numpy
import pygltflib
import trimesh
from google.protobuf import descriptor_pb2
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory
from PIL import Image, ImageSequence
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata

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
    still = pygltflib.GLTF2().load(str(folder / "ant.glb"))
    low, high = trimesh.load(folder / "ant.glb").bounds
    expect(not still.animations and bool((high - low > 0.3).all()), f"ant.glb: {len(still.meshes)} meshes, {numpy.round(high - low, 3)} m, stands still")


def recording() -> None:
    """The MCAP file says what the table of the same episode says."""
    with (folder / "a.csv").open() as file:
        rows = list(csv.DictReader(file))
    with (folder / "a.mcap").open("rb") as file:
        reader = make_reader(file, validate_crcs=True, decoder_factories=[DecoderFactory()])
        summary = reader.get_summary()
        schemas = {schema.name: schema for schema in summary.schemas.values()}
        topics: dict = {}
        for _, channel, message, decoded in reader.iter_decoded_messages():
            topics.setdefault(channel.topic, []).append((message.log_time / 1e9, decoded))
    counts = {topic: len(messages) for topic, messages in topics.items()}
    expect(sum(counts.values()) == summary.statistics.message_count, f"a.mcap: {summary.statistics.chunk_count} chunks, {counts}, {(folder / 'a.mcap').stat().st_size} bytes")
    theirs = 0
    for name, schema in schemas.items():
        files = descriptor_pb2.FileDescriptorSet.FromString(schema.data).file
        for message in [message for file in files if file.package == "foxglove" for message in file.message_type]:
            module = importlib.import_module(f"foxglove_schemas_protobuf.{message.name}_pb2")
            wanted = descriptor_pb2.DescriptorProto()
            getattr(module, message.name).DESCRIPTOR.CopyToProto(wanted)
            fields = [[(f.name, f.number, f.type, f.label, f.type_name, f.proto3_optional) for f in m.field] for m in (message, wanted)]
            values = [[(v.name, v.number) for e in m.enum_type for v in e.value] for m in (message, wanted)]
            expect(fields[0] == fields[1] and values[0] == values[1], f"{name}: {message.name} is Foxglove's") if fields[0] != fields[1] or values[0] != values[1] else None
            theirs += 1
    expect(theirs > 50, f"the {theirs} types that the file tells are Foxglove's own")
    # In Foxglove's own classes, too.
    tf = importlib.import_module("foxglove_schemas_protobuf.FrameTransforms_pb2").FrameTransforms.FromString(topics["/tf"][3][1].SerializeToString())
    expect(len({transform.child_frame_id for transform in tf.transforms}) == len(tf.transforms) > 5 and tf.transforms[0].parent_frame_id == "world", f"/tf: {len(tf.transforms)} links in the world")
    entities = topics["/scene"][0][1].entities
    triangles = sum(len(surface.indices) // 3 for entity in entities for surface in entity.triangles)
    expect({entity.frame_id for entity in entities} <= {t.child_frame_id for t in tf.transforms} | {"world"} and triangles > 100, f"/scene: {len(entities)} entities of {triangles} triangles")
    expect(len(topics["/reward"]) == len(topics["/action"]) == len(topics["/observation"]) == len(rows) == len(topics["/tf"]) - 1, f"{len(rows)} steps in both")
    names = list(rows[0])
    start, end = names.index("reward"), next(i for i, name in enumerate(names) if name.startswith("action."))
    worst = 0.0
    for index, row in enumerate(rows):
        time, reward = topics["/reward"][index]
        cells = [float(cell) for cell in row.values()]
        got = {"reward": [value for _, value in reward.ListFields()], "action": topics["/action"][index][1], "observation": topics["/observation"][index][1]}
        for message, wanted in ((reward, cells[start:]), (got["action"], cells[end:start]), (got["observation"], cells[2:end])):
            numbers = [getattr(message, field.name) for field in message.DESCRIPTOR.fields]
            worst = max([worst, abs(time - cells[1])] + [abs(a - b) for a, b in zip(numbers, wanted, strict=True)])
    expect(worst < 1e-6, f"times, observations, actions and rewards are those of a.csv: {worst:.1e} apart")
    joints = topics["/joint_states"][5][1].joints
    expect(all(joint.HasField("effort") for joint in joints) and len(joints) == end - start or len(joints) > 5, f"/joint_states: {len(joints)} joints")
    expect(names[1] == "time (s)" and all("(" in name for name in names[2:end] if "velocit" in name), f"a.csv: {', '.join(names[:6])} ...")
    total = sum(float(row["reward"]) for row in rows)
    score = json.loads((folder / "score.json").read_text())["mean_return"]
    expect(abs(total - score) < 1e-6 * max(1, abs(score)), f"the rewards of a.csv add up to the return, {score:.3f}")


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
    extras(accumulator)


def extras(accumulator: EventAccumulator) -> None:
    """Terms of the reward, hyperparameters and the film, each once."""
    tags = accumulator.Tags()
    terms = [tag for tag in tags["scalars"] if tag.startswith("evaluation/mean_return_")]
    points = {tag: {event.step: event.value for event in accumulator.Scalars(tag)} for tag in terms + ["evaluation/mean_return"]}
    apart = max(
        abs(sum(points[term][step] for term in terms) - value) / max(1, abs(value)) for step, value in points["evaluation/mean_return"].items())
    expect(len(terms) > 5 and apart < 1e-4, f"{len(terms)} terms add up to the mean return: {apart:.1e} apart")
    content = accumulator.SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data.content
    info = metadata.parse_session_start_info_plugin_data(content)
    told = {name: getattr(value, value.WhichOneof("kind")) for name, value in info.hparams.items()}
    expect(told["algorithm"] == "sac" and told["seed"] == 0 and told["evaluate.every"] == 300 and len(told) > 15, f"hyperparameters: {len(told)}, such as learning rates {[v for k, v in told.items() if 'learning_rate' in k]}")
    expect(len(accumulator.Tensors(metadata.SESSION_START_INFO_TAG)) == 1 == len(accumulator.Tensors(metadata.SESSION_END_INFO_TAG)), "they are there once, and so is the end")
    films = accumulator.Images("best/episode")
    film = Image.open(io.BytesIO(films[0].encoded_image_string))
    expect(len(films) == 1 and film.format == "GIF" and film.n_frames > 10 and film.size == (films[0].width, films[0].height), f"a film of the best policy: {film.n_frames} pictures, {len(films[0].encoded_image_string)} bytes, at step {films[0].step}")


pictures()
model()
recording()
events()
