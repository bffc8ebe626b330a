// SPDX-License-Identifier: MIT

// Sinew's scenes and policies as C functions, for the Python package and whoever else can call C.
//
// A caller holds scenes and policies by numbers (``Handles``). Every function checks what it is given, returns a negative number where it
// refuses, and leaves the reason, as every text that it gives, for `sinew_text` (``Texts``). Nothing a caller passes as a number ends
// the process; a pointer must point at what the function says.
//
// `EnvironmentCalls` steps many environments of a scene in one call (``EnvironmentBatch``); `PolicyCalls` runs and writes policies.
