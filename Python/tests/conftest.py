# SPDX-License-Identifier: MIT
def pytest_configure(config):
    config.addinivalue_line("markers", "command: runs the command sinew, which a wheel has not")
