#pragma once

#include "Child.h"

/// Keeps other processes of the same user out of this one's memory (PR_SET_DUMPABLE, prctl(2)), which also keeps it out
/// of core dumps. Returns 0, or -1 with errno set.
int coffer_disable_dumps(void);

/// Whether the kernel lets other processes of the same user into this one's memory, and that into core dumps
/// (PR_GET_DUMPABLE, prctl(2)): 0, or a number that says how far.
int coffer_is_dumpable(void);

/// Whether a key can be put into the user keyring, by putting one there that says nothing, and taking it out again
/// (add_key(2), keyctl(2)). Returns 0, or the error.
int coffer_probe_keyring(void);

/// Stops the terminal `descriptor` from showing what is typed, and has it hand over keys one by one, until
/// coffer_show_typing(), or until a signal ends the program. Returns 0, or -1 with errno set.
int coffer_hide_typing(int descriptor);

/// Makes the terminal as it was before coffer_hide_typing().
void coffer_show_typing(void);

/// Has the first SIGINT or SIGTERM from now on be noted, rather than end the program; the second ends it.
void coffer_note_interruption(void);

/// Whether one came since coffer_note_interruption().
int coffer_was_interrupted(void);
