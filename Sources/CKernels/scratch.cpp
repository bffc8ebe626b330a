// SPDX-License-Identifier: MIT
#include "scratch.h"
#include <cstdlib>

namespace {

/// Owned through a pointer: half a megabyte of thread-local storage would come off every thread's stack.
struct Owner {
    void *memory = nullptr;
    Owner() {
        if (posix_memalign(&memory, alignof(Scratch), sizeof(Scratch)) != 0) {
            memory = nullptr;
        }
    }
    ~Owner() { std::free(memory); }
};

} // namespace

Scratch *thread_scratch() {
    static thread_local Owner owner;
    return static_cast<Scratch *>(owner.memory);
}
