#define _GNU_SOURCE

#include "CPlatform.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const int crashes[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};

static struct termios modes;
static atomic_int raw = -1;

int coffer_open_terminal(int *control, int *terminal) {
    *control = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (*control < 0) return -1;
    // Not by its name, which need not exist in this mount namespace.
    *terminal = unlockpt(*control) == 0 ? ioctl(*control, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
    if (*terminal >= 0) return 0;
    close(*control);
    return -1;
}

// SA_RESETHAND has it end the program the second time, as it would have the first.
static void restore_and_crash(int number) {
    coffer_restore_modes();
    raise(number);
}

int coffer_make_raw(int terminal) {
    // Once more after a stop that could not be caught: its own raw modes are not what is to be restored.
    if (raw < 0 && tcgetattr(terminal, &modes) != 0) return -1;
    struct sigaction action = {.sa_handler = restore_and_crash, .sa_flags = SA_RESETHAND};
    for (unsigned i = 0; i < sizeof crashes / sizeof *crashes; i++) sigaction(crashes[i], &action, NULL);
    struct termios changed = modes;
    cfmakeraw(&changed);
    raw = terminal;
    // Not TCSAFLUSH: what has been typed ahead is for the child.
    return tcsetattr(terminal, TCSADRAIN, &changed);
}

void coffer_restore_modes(void) {
    int terminal = atomic_exchange(&raw, -1);
    if (terminal < 0) return;
    pid_t foreground = tcgetpgrp(terminal);
    // In the background, the terminal is another's to set.
    if (foreground < 0 || foreground == getpgrp()) tcsetattr(terminal, TCSADRAIN, &modes);
}

void coffer_copy_modes(int from, int to) {
    struct termios copied;
    if (tcgetattr(from, &copied) != 0) return;
    // Our own terminal does what is done to tabs and letters, when what we write has been redacted.
    copied.c_oflag &= ~(tcflag_t)(TABDLY | OLCUC);
    tcsetattr(to, TCSANOW, &copied);
}

void coffer_copy_window_size(int from, int to) {
    struct winsize size;
    if (ioctl(from, TIOCGWINSZ, &size) == 0) ioctl(to, TIOCSWINSZ, &size);
}
