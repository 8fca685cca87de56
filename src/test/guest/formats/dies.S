# elf64 at 0x100000
# Its handler of line 4 dies of a triple fault.
        .include "line.inc"
        .globl  _start
_start: open_line 4
idle:   sti
        hlt
        jmp     idle

handler:
        lidt    none(%rip)
        ud2

none:   .short  0
        .quad   0
        tables  4
