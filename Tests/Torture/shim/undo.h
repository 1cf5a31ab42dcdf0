// What a power cut takes back: everything written to a file since it was last synced.

#ifndef UNDO_H
#define UNDO_H

#include <sqlite3.h>

struct change;

struct shim_file {
    sqlite3_file base;
    sqlite3_file *real;
    // Since the last sync, the newest first.
    struct change *unsynced;
    struct shim_file *next;
};

// Keeps what a write of `count` bytes at `offset` is about to replace.
void undo_remember_write(struct shim_file *file, int count, sqlite3_int64 offset);

// Keeps what a truncation to `size` is about to cut off.
void undo_remember_truncation(struct shim_file *file, sqlite3_int64 size);

// The file was synced, or is closed.
void undo_forget(struct shim_file *file);

// Takes back what is not synced, in every open file: all of it if `seed` is 0, else about half of the changes, as a
// disk may have written them in any order.
void undo_all(unsigned long seed);

#endif
