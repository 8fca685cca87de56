# elf32 at 0x100000
# Ends with 1 if CPUID shows the TSC deadline mode of the LAPIC's timer, else with 0.
        .code32
        .globl  _start
_start: mov     $1, %eax
        cpuid
        mov     %ecx, %eax
        shr     $24, %eax
        and     $1, %eax
        out     %eax, $0xf4
        hlt
