// In C because a signal handler may do next to nothing, and nothing that Swift does behind one's back.

#include "CPlatform.h"

#include <signal.h>
#include <stddef.h>
#include <termios.h>

static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
enum { count = sizeof ending / sizeof *ending };

static struct sigaction before[count];
static struct termios shown;
static int terminal = -1;

// Restores the terminal, then lets the signal do what it would have done.
static void restore_and_end(int number) {
    tcsetattr(terminal, TCSAFLUSH, &shown);
    for (int i = 0; i < count; i++) {
        if (ending[i] == number) sigaction(number, &before[i], NULL);
    }
    raise(number);
}

int coffer_hide_typing(int descriptor) {
    if (tcgetattr(descriptor, &shown) != 0) return -1;
    terminal = descriptor;
    struct sigaction action = {.sa_handler = restore_and_end};
    for (int i = 0; i < count; i++) {
        sigaction(ending[i], &action, &before[i]);
    }
    struct termios hidden = shown;
    // Without ISIG, Ctrl-C and Ctrl-Z are keys like others, and the program decides what they mean.
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    return tcsetattr(descriptor, TCSAFLUSH, &hidden);
}

void coffer_show_typing(void) {
    tcsetattr(terminal, TCSAFLUSH, &shown);
    for (int i = 0; i < count; i++) {
        sigaction(ending[i], &before[i], NULL);
    }
}
