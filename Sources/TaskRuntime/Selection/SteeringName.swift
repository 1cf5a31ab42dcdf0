/// Names of variables by which programs find the code that they run.
///
/// A secret of such a name, which an agent's token can create, would let its value run as code in every task. The list
/// is that of the variables which sudo(8), ld.so(8), shells, interpreters and git(1) take code or its place from; it cannot
/// be complete.
public enum SteeringName {
    /// Whether a task gets a secret called `name` only when a person names it.
    public static func matches(_ name: String) -> Bool {
        names.contains(name) || prefixes.contains(where: name.hasPrefix)
    }

    private static let prefixes = ["BASH_FUNC_", "COFFER_", "DYLD_", "GIT_CONFIG", "LD_", "NPM_CONFIG_"]

    private static let names: Set<String> = [
        // The shell and what it reads.
        "BASHOPTS", "BASH_ENV", "CDPATH", "ENV", "FPATH", "HOME", "IFS", "PATH", "PROMPT_COMMAND", "PS4", "SHELL",
        "SHELLOPTS", "ZDOTDIR",
        // The C library.
        "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "HOSTALIASES", "LOCPATH", "MALLOC_TRACE", "NLSPATH",
        "RESOLV_HOST_CONF", "TZDIR",
        // Interpreters.
        "CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LUA_INIT", "NODE_OPTIONS", "NODE_PATH", "PERL5DB",
        "PERL5LIB", "PERL5OPT", "PERLLIB", "PHPRC", "PHP_INI_SCAN_DIR", "PYTHONHOME", "PYTHONINSPECT", "PYTHONPATH",
        "PYTHONSTARTUP", "PYTHONUSERBASE", "RUBYLIB", "RUBYOPT",
        // Programs that others start.
        "BROWSER", "EDITOR", "GIT_ASKPASS", "GIT_EDITOR", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF", "GIT_PAGER",
        "GIT_PROXY_COMMAND", "GIT_SEQUENCE_EDITOR", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_TEMPLATE_DIR", "LESSCLOSE",
        "LESSOPEN", "MANPAGER", "PAGER", "SSH_ASKPASS", "SUDO_ASKPASS", "VISUAL",
        // Builds.
        "CARGO_HOME", "CC", "CXX", "MAKEFLAGS", "RUSTC_WRAPPER",
    ]
}
