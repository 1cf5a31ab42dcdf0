#include "CPlatform.h"
#include "Internal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static int adjusted;
static struct sigaction broken_pipe;
static sigset_t blocked;
static mode_t withheld;
static struct rlimit core;

void coffer_adjust_inheritance(void) {
    for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++) {
        // The lowest free descriptor is the one that is missing. Open the wrong way round it keeps its place from other
        // files, and using it fails as it would have.
        if (fcntl(descriptor, F_GETFD) < 0) open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignored, &broken_pipe);
    // The dispatcher's threads block nearly every signal, and one may start what takes this program's place.
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    withheld = umask(077);
    getrlimit(RLIMIT_CORE, &core);
    // The soft limit only: the hard one could not be given back.
    struct rlimit none = {.rlim_cur = 0, .rlim_max = core.rlim_max};
    setrlimit(RLIMIT_CORE, &none);
    adjusted = 1;
}

void restore_inheritance(void) {
    if (adjusted) {
        setrlimit(RLIMIT_CORE, &core);
        umask(withheld);
        sigaction(SIGPIPE, &broken_pipe, NULL);
    }
    pthread_sigmask(SIG_SETMASK, &blocked, NULL);
}

uint64_t coffer_inherited_core_limit(void) {
    return core.rlim_cur;
}

char **coffer_environment(void) {
    return environ;
}
