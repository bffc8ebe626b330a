// SPDX-License-Identifier: MIT

package import Geometry
package import Scenes
package import Settings

/// A page that shows what goes on now: the viewer of ``EpisodePage``, told by messages of a WebSocket beside its own address.
package enum LivePage {
    /// The page; it is the same for all scenes.
    ///
    /// Which requests it may make, who serves it says in a header.
    package static var html: String {
        PageSource.document(
            title: "Sinew", policy: "", style: PageSource.liveStyle, body: PageSource.liveBody,
            script: PageSource.liveScript)
    }

    /// What the page is told first: the scene, its ground seen around a place, and more.
    package static func scene(
        _ scene: EpisodeScene, around place: Vector3, _ more: [(String, JSONValue)]
    ) -> String {
        var scene = scene
        scene.terrain = scene.terrain?.seen(around: [place])
        return JSONValue.object([("period", .number(scene.period))] + scene.packed + more).json
    }

    /// The ground around another place.
    package static func ground(_ terrain: EpisodeScene.Terrain, around place: Vector3) -> String {
        JSONValue.object([("kind", .text("ground")), ("terrain", terrain.seen(around: [place]).packed)]).json
    }
}
