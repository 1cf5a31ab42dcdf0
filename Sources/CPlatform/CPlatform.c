#include "CPlatform.h"

#include <sys/prctl.h>

// A shim because Swift cannot call functions with variable arguments.
int coffer_disable_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int coffer_is_dumpable(void) {
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
}
