# elf64 at 0x100000
# The kernel of examples/library/examples/OwnKernel.java.
        .include "../../../../../examples/kernel/console.S"
