#include "undo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct change {
    sqlite3_int64 offset, size_before;
    int count;
    struct change *older;
    unsigned char before[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
// The files that have something unsynced.
static struct shim_file *files;

static void push(struct shim_file *file, int count, sqlite3_int64 offset, sqlite3_int64 size) {
    struct change *change = malloc(sizeof *change + (size_t)count);
    if (!change) abort();
    *change = (struct change){.offset = offset, .size_before = size, .count = count, .older = file->unsynced};
    memset(change->before, 0, (size_t)count);
    // A read beyond the end fills up with zeros, and says so, which is well here.
    file->real->pMethods->xRead(file->real, change->before, count, offset);
    pthread_mutex_lock(&lock);
    if (!file->unsynced) {
        file->next = files;
        files = file;
    }
    file->unsynced = change;
    pthread_mutex_unlock(&lock);
}

static sqlite3_int64 size_of(struct shim_file *file) {
    sqlite3_int64 size = 0;
    file->real->pMethods->xFileSize(file->real, &size);
    return size;
}

void undo_remember_write(struct shim_file *file, int count, sqlite3_int64 offset) {
    push(file, count, offset, size_of(file));
}

void undo_remember_truncation(struct shim_file *file, sqlite3_int64 size) {
    sqlite3_int64 before = size_of(file);
    push(file, before > size ? (int)(before - size) : 0, size, before);
}

void undo_forget(struct shim_file *file) {
    pthread_mutex_lock(&lock);
    if (file->unsynced) {
        struct shim_file **link = &files;
        while (*link != file) link = &(*link)->next;
        *link = file->next;
        while (file->unsynced) {
            struct change *older = file->unsynced->older;
            free(file->unsynced);
            file->unsynced = older;
        }
    }
    pthread_mutex_unlock(&lock);
}

static void undo(struct shim_file *file, unsigned long seed) {
    const sqlite3_io_methods *real = file->real->pMethods;
    sqlite3_int64 size = -1;
    for (struct change *change = file->unsynced; change; change = change->older) {
        // Numerical Recipes' generator; the high bits are the good ones.
        seed = seed ? seed * 1664525 + 1013904223 : 0;
        if (seed >> 20 & 1) continue;
        if (change->count) real->xWrite(file->real, change->before, change->count, change->offset);
        size = change->size_before;
    }
    // In any order, but a file that no change of which has arrived is as long as it was.
    if (size >= 0 && !seed) real->xTruncate(file->real, size);
}

void undo_all(unsigned long seed) {
    // Never released: the process ends, and nothing more is to be written.
    pthread_mutex_lock(&lock);
    for (struct shim_file *file = files; file; file = file->next) undo(file, seed);
}
