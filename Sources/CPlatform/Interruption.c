#include "CPlatform.h"

#include <signal.h>

static volatile sig_atomic_t interrupted;

static void note(int number) {
    (void)number;
    interrupted = 1;
}

void coffer_note_interruption(void) {
    // Once: who asks a second time means it.
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART | SA_RESETHAND};
    static const int asking[] = {SIGINT, SIGTERM};
    for (unsigned i = 0; i < sizeof asking / sizeof *asking; i++) {
        struct sigaction before;
        sigaction(asking[i], 0, &before);
        // Ignored by whoever started us, so it stays.
        if (before.sa_handler != SIG_IGN) sigaction(asking[i], &action, 0);
    }
}

int coffer_was_interrupted(void) {
    return interrupted;
}
