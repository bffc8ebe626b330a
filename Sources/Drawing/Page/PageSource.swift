// SPDX-License-Identifier: MIT

/// The page's own text: what the files in Viewer say, which the build puts into the program.
enum PageSource {
    static var style: String { PageTexts.page_css }
    static var body: String { PageTexts.body_html }

    /// The files one after the other in one scope, so that nothing of them is seen from outside.
    static var script: String {
        let files = [
            PageTexts.vectors_js, PageTexts.episodes_js, PageTexts.shapes_js,
            PageTexts.shaders_js, PageTexts.renderer_js, PageTexts.camera_js,
            PageTexts.stage_js, PageTexts.plots_js, PageTexts.player_js,
            PageTexts.elements_js, PageTexts.keys_js, PageTexts.page_js,
        ]
        return "\"use strict\";\n(() => {\n\(files.joined(separator: "\n"))\n})();\n"
    }
}
