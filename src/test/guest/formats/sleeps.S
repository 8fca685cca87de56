# elf64 at 0x100000
# Sleeps in sti; hlt, at the symbol idle, with line 4 open: its handler sends an EOI, and nothing else interrupts.
        .include "line.inc"
        .globl  _start
_start: open_line 4
idle:   sti
        hlt
        jmp     idle

handler:
        ends_interrupt

        tables  4
