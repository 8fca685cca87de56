# elf64 at 0x100000
# Takes one interrupt of the timer, and sends no EOI: prints a dot in its handler, and sleeps. At the symbol asleep it has
# returned from the handler.
        .include "line.inc"
        .globl  _start
_start: open_line 0
        start_timer 0x30                              # mode 0: one interrupt
        sti
        hlt
asleep: hlt
        jmp     asleep

handler:
        mov     $'.', %al
        out     %al, $0xe9
        iretq

        tables  0
