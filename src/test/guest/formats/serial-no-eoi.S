# elf64 at 0x100000
# Takes one interrupt of the serial port, which has room for a character, and sends no EOI. Sleeps at the symbol idle.
        .include "line.inc"
        .globl  _start
_start: open_line 4
        mov     $0x3fc, %dx                           # OUT2: the interrupt passes
        mov     $0x08, %al
        out     %al, %dx
        mov     $0x3f9, %dx                           # when the transmitter is empty
        mov     $0x02, %al
        out     %al, %dx
idle:   sti
        hlt
        jmp     idle

handler:
        iretq

        tables  4
