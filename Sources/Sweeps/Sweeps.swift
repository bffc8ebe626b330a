// SPDX-License-Identifier: MIT

// Sweeps: many runs of one task, which differ in some settings. A `SweepFile` says which; trial number k of it has the settings that its
// `Sampler` gives it, by its number alone or, where Optuna samples, by what the others came to (`OptunaStudy`).
//
// A `SweepFolder` has a folder for each trial: the runs of its seeds, its claim while a process is at work there, and its result.json at the
// end. Nothing else is kept: who looks at the folder, on this machine or another, knows what is done and what is left to do.
// `MedianRule` says which trials are not worth their end; `Importance` and `SweepReport` say what came of all.
