# SPDX-License-Identifier: MIT
"""The version, which is that of the sinew command."""
__version__ = "0.1.0"
