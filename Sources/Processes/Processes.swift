// SPDX-License-Identifier: MIT

// Processes: other programs. `Program` finds one on this machine and runs it to its end; `ChildProcess` is one that runs beside this
// process, and is asked, signalled and waited for. Nothing else starts a process.
