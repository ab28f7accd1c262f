//! The numbers of system calls.

#[cfg(target_arch = "x86_64")]
pub const ARCH: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
pub const ARCH: u32 = 0xC000_00B7;

// The numbers above 423 are the same on every architecture.
pub const CLONE3: u32 = 435;
pub const IO_URING: [u32; 3] = [425, 426, 427];
pub const LANDLOCK_CREATE: i64 = 444;
pub const LANDLOCK_ADD: i64 = 445;
pub const LANDLOCK_RESTRICT: i64 = 446;

#[cfg(target_arch = "x86_64")]
pub mod arch {
    pub const EXECVE: u32 = 59;
    pub const EXECVEAT: u32 = 322;
    pub const CLONE: u32 = 56;
    pub const FORKS: &[u32] = &[57, 58];
    pub const SOCKET: u32 = 41;
    pub const SOCKETPAIR: u32 = 53;
    pub const SECCOMP: i64 = 317;
    pub const GETRANDOM: i64 = 318;
    pub const MEMFD: u32 = 319;
    /// kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal
    pub const SIGNALS: &[u32] = &[62, 200, 234, 129, 297, 424];
    /// shmget semget msgget mq_open
    pub const LASTING: &[u32] = &[29, 64, 68, 240];
    /// chmod fchmod fchmodat fchmodat2
    pub const CHMOD: &[u32] = &[90, 91, 268, 452];
    /// ptrace process_vm_readv process_vm_writev kcmp bpf perf_event_open keyctl add_key request_key userfaultfd
    /// mount umount2 pivot_root chroot unshare setns swapon swapoff reboot sethostname setdomainname init_module
    /// finit_module delete_module kexec_load kexec_file_load acct quotactl syslog settimeofday clock_settime
    /// adjtimex clock_adjtime name_to_handle_at open_by_handle_at iopl ioperm modify_ldt lookup_dcookie vhangup
    /// personality nfsservctl migrate_pages move_pages
    pub const REFUSED: &[u32] = &[
        101, 310, 311, 312, 321, 298, 250, 248, 249, 323, 165, 166, 155, 161, 272, 308, 167, 168, 169, 170, 171, 175, 313, 176, 246,
        320, 163, 179, 103, 164, 227, 159, 305, 303, 304, 172, 173, 154, 212, 153, 135, 180, 256, 279,
    ];
}
#[cfg(target_arch = "aarch64")]
pub mod arch {
    pub const EXECVE: u32 = 221;
    pub const EXECVEAT: u32 = 281;
    pub const CLONE: u32 = 220;
    pub const FORKS: &[u32] = &[];
    pub const SOCKET: u32 = 198;
    pub const SOCKETPAIR: u32 = 199;
    pub const SECCOMP: i64 = 277;
    pub const GETRANDOM: i64 = 278;
    pub const MEMFD: u32 = 279;
    pub const SIGNALS: &[u32] = &[129, 130, 131, 138, 240, 424];
    pub const LASTING: &[u32] = &[194, 190, 186, 180];
    pub const CHMOD: &[u32] = &[52, 53, 452];
    /// The same calls as on x86_64, where this architecture has them.
    pub const REFUSED: &[u32] = &[
        117, 270, 271, 272, 280, 241, 219, 217, 218, 282, 40, 39, 41, 51, 97, 268, 224, 225, 142, 161, 162, 105, 273, 106, 104, 294, 89,
        60, 116, 170, 112, 171, 266, 264, 265, 18, 58, 92, 42, 238, 239,
    ];
}

/// open_tree move_mount fsopen fsconfig fsmount fspick pidfd_getfd process_madvise mount_setattr quotactl_fd
/// memfd_secret process_mrelease, and pidfd_open
pub const REFUSED_NEW: &[u32] = &[428, 429, 430, 431, 432, 433, 438, 440, 442, 443, 447, 448, 434];
