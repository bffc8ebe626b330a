// SPDX-License-Identifier: MIT

// The C library by one name: its mathematics and system calls are all that most modules need of a system, and Foundation, which
// has them too, is four times as large.

#if canImport(Glibc)
    @_exported public import Glibc
#elseif canImport(Musl)
    @_exported public import Musl
#else
    @_exported public import Darwin
#endif
