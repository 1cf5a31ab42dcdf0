// Wipes memory as it is freed, whoever frees it: Swift, NIO, SQLite, the C library. A value that passed through a buffer
// of theirs is gone with the buffer.
//
// The memory itself is the C library's as before; what is added is one pass over what is given back. Large memory is
// given back to the kernel at once, which clears it before anybody gets it again, but not before it might be read here.

#include "CMemory.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>

// The C library's own, under the names that nothing can take from it.
void *__libc_malloc(size_t size);
void __libc_free(void *block);

void __wrap_free(void *block);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_reallocarray(void *block, size_t count, size_t size);

void __wrap_free(void *block) {
    if (block == NULL) return;
    // All of it, also what the allocator gave beyond what was asked for.
    explicit_bzero(block, malloc_usable_size(block));
    __libc_free(block);
}

void *__wrap_realloc(void *block, size_t size) {
    if (block == NULL) return __libc_malloc(size);
    if (size == 0) {
        __wrap_free(block);
        return NULL;
    }
    size_t had = malloc_usable_size(block);
    // Stays where it is if it fits and at least half of it is used. What is cut off is wiped with the rest later.
    if (size <= had && size >= had / 2) return block;
    // The C library would grow many a block in place. We move it, because it would not wipe what it moves; so that one
    // that grows by a little again and again is not moved each time, it gets room to grow.
    size_t room = size > had && had >= 1024 && size < SIZE_MAX / 2 ? size + size / 4 : size;
    void *moved = __libc_malloc(room);
    if (moved == NULL && room != size) moved = __libc_malloc(size);
    if (moved == NULL) return size <= had ? block : NULL;
    memcpy(moved, block, size < had ? size : had);
    __wrap_free(block);
    return moved;
}

void *__wrap_reallocarray(void *block, size_t count, size_t size) {
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return __wrap_realloc(block, all);
}

// In a dynamic program these names come before the C library's, also for the libraries that it loads. A static one has
// the C library's, which are not weak, and is linked with `--wrap`, which leads every call to the functions above.
#define STANDS_IN __attribute__((weak, visibility("default")))

STANDS_IN void free(void *block) { __wrap_free(block); }
STANDS_IN void *realloc(void *block, size_t size) { return __wrap_realloc(block, size); }
STANDS_IN void *reallocarray(void *block, size_t count, size_t size) {
    return __wrap_reallocarray(block, count, size);
}
