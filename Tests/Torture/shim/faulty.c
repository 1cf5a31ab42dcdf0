// A SQLite VFS over the default one that lets the Nth call of its kind fail. Preloaded into a program that links SQLite
// dynamically; the program knows nothing of it.
//
//   FAULTY_KIND     what happens: error, short, sync, full, read, kill, cut
//   FAULTY_AT       at which of the calls that this kind can befall, from 1 on; 0: never, they are only counted
//   FAULTY_REPORT   a file that is told: a line "injected CALL" when it happens, a line "calls N" when the program ends
//   FAULTY_SEED     which unsynced writes a cut takes back: 0 all of them, else about half
//
// `full` stays: every write from there on fails. All others befall one call.

#include "undo.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { NONE, ERROR, SHORT, SYNC, FULL, READ, KILL, CUT };
static const char *const kind_names[] = {"none", "error", "short", "sync", "full", "read", "kill", "cut"};

enum call { WRITE = 1, TRUNCATE = 2, SYNCING = 4, DELETE = 8, MAP = 16, CONTROL = 32, READING = 64 };
#define CHANGING (WRITE | TRUNCATE | SYNCING | DELETE | MAP | CONTROL)
static const unsigned befalls[] = {
    [NONE] = 0, [ERROR] = CHANGING, [SHORT] = WRITE, [SYNC] = SYNCING, [FULL] = WRITE | TRUNCATE | MAP,
    [READ] = READING, [KILL] = CHANGING, [CUT] = CHANGING,
};

static enum kind kind;
static unsigned long at, calls, seed;
static const char *report;
static sqlite3_vfs *real_vfs;

static void tell(const char *format, const char *word, unsigned long number) {
    char line[64];
    int length = snprintf(line, sizeof line, format, word, number);
    int file = report ? open(report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (file < 0 || write(file, line, (size_t)length) != length) abort();
    close(file);
}

// Counts a call; whether the fault befalls it.
static int befallen(enum call call, const char *name) {
    if (!(befalls[kind] & call)) return 0;
    unsigned long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (!at || number < at || (number > at && kind != FULL)) return 0;
    if (number == at) tell("injected %s\n", name, 0);
    if (kind == KILL && call != WRITE) raise(SIGKILL);
    if (kind == CUT) {
        undo_all(seed);
        raise(SIGKILL);
    }
    return 1;
}

static int failure(int otherwise) {
    return kind == FULL ? SQLITE_FULL : otherwise;
}

static sqlite3_file *real(sqlite3_file *file) {
    return ((struct shim_file *)file)->real;
}

static int shim_close(sqlite3_file *file) {
    undo_forget((struct shim_file *)file);
    return real(file)->pMethods->xClose(real(file));
}

static int shim_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    if (befallen(READING, "xRead")) return SQLITE_IOERR_READ;
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int shim_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    int fails = befallen(WRITE, "xWrite");
    if (kind == CUT) undo_remember_write((struct shim_file *)file, count, offset);
    if (!fails) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    // Half of it arrives, but where the kind says that nothing does.
    if (kind != ERROR && count > 1) real(file)->pMethods->xWrite(real(file), bytes, count / 2, offset);
    if (kind == KILL) raise(SIGKILL);
    return failure(SQLITE_IOERR_WRITE);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size) {
    if (befallen(TRUNCATE, "xTruncate")) return failure(SQLITE_IOERR_TRUNCATE);
    if (kind == CUT) undo_remember_truncation((struct shim_file *)file, size);
    return real(file)->pMethods->xTruncate(real(file), size);
}

static int shim_sync(sqlite3_file *file, int flags) {
    if (befallen(SYNCING, "xSync")) return SQLITE_IOERR_FSYNC;
    int result = real(file)->pMethods->xSync(real(file), flags);
    if (result == SQLITE_OK) undo_forget((struct shim_file *)file);
    return result;
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size) {
    if (befallen(READING, "xFileSize")) return SQLITE_IOERR_FSTAT;
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int shim_control(sqlite3_file *file, int operation, void *argument) {
    // The others are questions, or steer the VFS, and no input or output; or come when all is on disk, where no VFS for
    // files has anything left to fail (SQLITE_FCNTL_COMMIT_PHASETWO).
    if (operation == SQLITE_FCNTL_SYNC && befallen(CONTROL, "xFileControl")) return SQLITE_IOERR;
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int shim_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
    if (extend && befallen(MAP, "xShmMap")) return failure(SQLITE_IOERR_SHMMAP);
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

// What is passed on as it is.
static int shim_lock(sqlite3_file *f, int level) { return real(f)->pMethods->xLock(real(f), level); }
static int shim_unlock(sqlite3_file *f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
static int shim_reserved(sqlite3_file *f, int *out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
static int shim_sector(sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); }
static int shim_traits(sqlite3_file *f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
static void shim_shm_barrier(sqlite3_file *f) { real(f)->pMethods->xShmBarrier(real(f)); }
static int shim_shm_unmap(sqlite3_file *f, int delete) { return real(f)->pMethods->xShmUnmap(real(f), delete); }
static int shim_shm_lock(sqlite3_file *f, int offset, int count, int flags) {
    return real(f)->pMethods->xShmLock(real(f), offset, count, flags);
}

// Version 2: without memory-mapped reads and writes, which nothing could befall.
static const sqlite3_io_methods methods = {
    .iVersion = 2, .xClose = shim_close, .xRead = shim_read, .xWrite = shim_write, .xTruncate = shim_truncate,
    .xSync = shim_sync, .xFileSize = shim_size, .xLock = shim_lock, .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_reserved, .xFileControl = shim_control, .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_traits, .xShmMap = shim_shm_map, .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_shm_barrier, .xShmUnmap = shim_shm_unmap,
};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out) {
    (void)vfs;
    struct shim_file *shim = (struct shim_file *)file;
    memset(shim, 0, sizeof *shim);
    shim->real = (sqlite3_file *)(shim + 1);
    int result = real_vfs->xOpen(real_vfs, name, shim->real, flags, flags_out);
    shim->base.pMethods = shim->real->pMethods ? &methods : NULL;
    return result;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs;
    if (befallen(DELETE, "xDelete")) return SQLITE_IOERR_DELETE;
    return real_vfs->xDelete(real_vfs, name, sync);
}

static unsigned long number(const char *name) {
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *wanted = getenv("FAULTY_KIND");
    for (unsigned i = 1; wanted && i < sizeof kind_names / sizeof *kind_names; i++) {
        if (strcmp(wanted, kind_names[i]) == 0) kind = i;
    }
    if (kind == NONE) return;
    at = number("FAULTY_AT");
    seed = number("FAULTY_SEED");
    report = getenv("FAULTY_REPORT");
    real_vfs = sqlite3_vfs_find(NULL);
    static sqlite3_vfs shim;
    // Its other functions do not look at what they are called on.
    shim = *real_vfs;
    shim.zName = "faulty";
    shim.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim.xOpen = shim_open;
    shim.xDelete = shim_delete;
    if (sqlite3_vfs_register(&shim, 1) != SQLITE_OK) abort();
}

__attribute__((destructor)) static void end(void) {
    if (kind != NONE && calls) tell("calls%s %lu\n", "", calls);
}
