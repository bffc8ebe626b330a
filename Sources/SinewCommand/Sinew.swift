// SPDX-License-Identifier: MIT

@main struct Sinew { static func main() {} }
