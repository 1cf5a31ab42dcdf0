#pragma once

/// Keeps other processes of the same user out of this one's memory (PR_SET_DUMPABLE, prctl(2)), which also keeps it out
/// of core dumps. Returns 0, or -1 with errno set.
int coffer_disable_dumps(void);
