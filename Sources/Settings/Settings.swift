// SPDX-License-Identifier: MIT

// Settings: what people write in files and after flags, and what the program makes of it.
//
// A file becomes a tree of `Setting`s that know their key path and line. A type that people can set is `Configurable`: each of its
// keys is declared once, by key path (`Key`), with the format of its value (`Format`). From that one declaration follow reading with
// line and nearest name (`Decoder`), writing (`Setting(encoding:)`), the JSON Schema and the Markdown reference (`SettingShape`), and `--set` (`Override`).
