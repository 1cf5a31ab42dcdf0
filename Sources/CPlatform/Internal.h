#pragma once

#include <sys/types.h>

// What the parts of this target use of each other.

/// Which process group and terminal a program starts in.
struct placement {
    /// Whether it gets a process group of its own.
    int own_group;
    /// The controlling terminal of which its group becomes the foreground; -1 for none.
    int terminal;
};

/// coffer_spawn(), with a placement.
int start_program(
    char *const *arguments, char *const *environment, const int streams[3], struct placement placement, pid_t *child);

/// Gives back what coffer_adjust_inheritance() took. Async-signal-safe.
void restore_inheritance(void);

/// Has every signal that coffer_catch_signals() changed do what it did before. Async-signal-safe.
void restore_dispositions(void);
