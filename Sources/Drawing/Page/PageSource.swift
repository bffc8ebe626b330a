// SPDX-License-Identifier: MIT

/// The page's own text: what the files in Viewer say, which the build puts into the program.
enum PageSource {
    /// A page of its own kind: what stands in it, how it looks, and what it does.
    static func document(title: String, policy: String, style: String, body: String, script: String) -> String
    {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="color-scheme" content="light dark">
        \(policy)<link rel="icon" href="data:,">
        <title>\(title)</title>
        <style>\(style)</style>
        </head>
        <body>
        \(body)
        <script>\(script)</script>
        </body>
        </html>

        """
    }

    static var style: String { PageTexts.page_css }
    static var body: String { withView(PageTexts.body_html) }
    static var liveStyle: String { PageTexts.page_css + PageTexts.live_css }
    static var liveBody: String { withView(PageTexts.live_html) }

    /// What both pages draw in stands in one file.
    private static func withView(_ body: String) -> String {
        body.replacing("<!-- view.html -->", with: PageTexts.view_html)
    }

    private static let shared = [
        PageTexts.vectors_js, PageTexts.episodes_js, PageTexts.shapes_js, PageTexts.shaders_js,
        PageTexts.renderer_js, PageTexts.camera_js, PageTexts.stage_js, PageTexts.plots_js,
        PageTexts.elements_js, PageTexts.keys_js, PageTexts.look_js,
    ]

    static var script: String { joined(shared + [PageTexts.player_js, PageTexts.page_js]) }

    static var liveScript: String {
        joined(
            shared + [
                PageTexts.live_episode_js, PageTexts.live_controls_js, PageTexts.live_hands_js,
                PageTexts.live_page_js,
            ])
    }

    /// The files one after the other in one scope, so that nothing of them is seen from outside.
    private static func joined(_ files: [String]) -> String {
        "\"use strict\";\n(() => {\n\(files.joined(separator: "\n"))\n})();\n"
    }
}
