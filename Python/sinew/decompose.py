# SPDX-License-Identifier: MIT
"""Takes meshes apart into convex parts, for ``collision: decompose`` in a scene.

``python3 -m sinew.decompose MESH...`` writes ``MESH.parts.obj`` beside each mesh: an OBJ file in the mesh's own frame and unit, in which
each part has corners of its own. It needs coacd and trimesh (``python3 -m pip install coacd trimesh``; COLLADA also pycollada).
"""
import argparse
import pathlib
import sys

PARTS_ENDING = ".parts.obj"


def decompose(points, triangles, threshold=0.05, seed=0):
    """The convex parts of a surface, each as (points, triangles): concave by at most ``threshold`` of its size."""
    import coacd

    coacd.set_log_level("error")
    return coacd.run_coacd(coacd.Mesh(points, triangles), threshold=threshold, seed=seed, max_convex_hull=64)


def obj(parts):
    """The parts as the text of an OBJ file."""
    lines, first = [], 1
    for number, (points, triangles) in enumerate(parts):
        lines.append(f"o part_{number}")
        lines += [f"v {x:.9g} {y:.9g} {z:.9g}" for x, y, z in points]
        lines += [f"f {a + first} {b + first} {c + first}" for a, b, c in triangles]
        first += len(points)
    return "\n".join(lines) + "\n"


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="python3 -m sinew.decompose", description=__doc__.split("\n\n")[0])
    parser.add_argument("meshes", nargs="+", type=pathlib.Path)
    parser.add_argument("--threshold", type=float, default=0.05, help="how hollow a part may be; less makes more parts (0.01 to 1)")
    arguments = parser.parse_args()
    try:
        import coacd  # noqa: F401
        import trimesh
    except ImportError as error:
        sys.exit(f"{error.name} is missing; python3 -m pip install coacd trimesh")
    for file in arguments.meshes:
        if not file.is_file():
            sys.exit(f"{file}: there is no such file")
        mesh = trimesh.load(file, force="mesh")
        parts = decompose(mesh.vertices, mesh.faces, arguments.threshold)
        target = file.with_name(file.name + PARTS_ENDING)
        target.write_text(obj(parts))
        print(f"{target}: {len(parts)} parts")


if __name__ == "__main__":
    main()
