// SPDX-License-Identifier: MIT

import Files
import Testing

struct PathsTests {
    @Test(
        arguments: [
            ("a/b.yaml", "b.yaml", "a", "yaml", "a/b"), ("y", "y", "", "", "y"), ("/", "", "/", "", "/"),
            ("", "", "", "", ""), ("/y", "y", "/", "", "/y"), ("a//b.c.d/", "b.c.d", "a", "d", "a//b.c"),
            (".hidden", ".hidden", "", "", ".hidden"), ("a.b/c", "c", "a.b", "", "a.b/c"),
            ("../x.urdf", "x.urdf", "..", "urdf", "../x"), (".", ".", "", "", "."),
        ])
    func `a path is taken apart, however short it is`(
        path: String, name: String, folder: String, ending: String, without: String
    ) {
        #expect(path.pathName == name)
        #expect(path.pathFolder == folder)
        #expect(path.pathEnding == ending)
        #expect(path.withoutEnding == without)
    }

    @Test(
        arguments: [
            ("Scenes/../Robots/a.urdf", "Robots/a.urdf"), ("/a/./b//c/..", "/a/b"), ("../a", "../a"),
            ("../../a/..", "../.."), ("/..", "/"), ("a/..", "."), ("", "."),
        ])
    func `dots are taken out of a path`(path: String, simple: String) {
        #expect(path.simplifiedPath == simple)
    }
}
