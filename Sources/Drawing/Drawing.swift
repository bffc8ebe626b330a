// SPDX-License-Identifier: MIT

// Drawing: pictures as SVG. A `Chart` has panels of curves with bands; a `FigureStrip` shows a robot at some moments of an
// episode as stick figures. All of them write through `SVG`, on a ground that is light or dark as the reader's system asks for.
