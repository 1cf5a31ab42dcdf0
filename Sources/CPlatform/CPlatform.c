#define _GNU_SOURCE
#include "CPlatform.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

// A shim because Swift cannot call functions with variable arguments.
int coffer_disable_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void coffer_disable_backtraces(void) {
    static const int crashes[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP};
    for (unsigned number = 0; number < sizeof crashes / sizeof *crashes; number++) {
        struct sigaction action;
        // What whoever started us has ignored stays so.
        if (sigaction(crashes[number], NULL, &action) == 0 && action.sa_handler != SIG_IGN && action.sa_handler != SIG_DFL) {
            signal(crashes[number], SIG_DFL);
        }
    }
}

// In C because its structure is not standard, and Swift is not shown it.
int coffer_peer_is_this_user(int socket) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

int coffer_is_dumpable(void) {
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
}
