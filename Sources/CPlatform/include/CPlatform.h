#pragma once

#include "Child.h"
#include "Keyring.h"

/// Keeps other processes of the same user out of this one's memory (PR_SET_DUMPABLE, prctl(2)), which also keeps it out
/// of core dumps. Returns 0, or -1 with errno set.
int coffer_disable_dumps(void);

/// Has a crash end the program, and nothing more: Swift's runtime, where the environment says so or the program stands on
/// a terminal, would have another program print the memory behind the registers.
void coffer_disable_backtraces(void);

/// Whether the process at the other end of a Unix socket belongs to this user (SO_PEERCRED, unix(7)).
int coffer_peer_is_this_user(int socket);

/// Whether the kernel lets other processes of the same user into this one's memory, and that into core dumps
/// (PR_GET_DUMPABLE, prctl(2)): 0, or a number that says how far.
int coffer_is_dumpable(void);

/// Stops the terminal `descriptor` from showing what is typed, and has it hand over keys one by one, until
/// coffer_show_typing(), or until a signal ends the program. Returns 0, or -1 with errno set.
int coffer_hide_typing(int descriptor);

/// Makes the terminal as it was before coffer_hide_typing().
void coffer_show_typing(void);

/// Has the first SIGINT or SIGTERM from now on be noted, rather than end the program; the second ends it.
void coffer_note_interruption(void);

/// Whether one came since coffer_note_interruption().
int coffer_was_interrupted(void);
