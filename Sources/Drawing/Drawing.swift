// SPDX-License-Identifier: MIT

// Drawing: pictures. A `Chart` has panels of curves with bands; a `FigureStrip` shows a robot at some moments of an episode as
// outlines. Both write through `SVG`, on a ground that is light or dark as the reader's system asks for.
//
// `Raster` draws an episode in pixels, lit and with shadows: `EpisodePictures` makes a `Stage` and a `Camera` of each frame, a
// `Rasteriser` draws them, and what comes of it is written as PNG or `GIF`. `Page` packs episodes into an `EpisodePage`, which a browser
// shows in 3D, and `Models` one into an `EpisodeModel`, a glTF file, or an `EpisodeLog`, an MCAP file.
