# elf64 at 0x100000
# At the symbol closed, IF=0 and line 4 is open. Then it programs the 8259 again, which clears what it has latched, and
# sleeps at the symbol idle.
        .include "line.inc"
        .globl  _start
_start: open_line 4
closed: nop
        open_line 4
idle:   sti
        hlt
        jmp     idle

handler:
        ends_interrupt

        tables  4
