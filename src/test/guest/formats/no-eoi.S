# elf64 at 0x100000
# Its handler of the timer's line 0 sends no EOI: after the first tick it does not wake up again.
        .include "line.inc"
        .globl  _start
_start: open_line 0
        start_timer 0x34                              # mode 2: a tick each 10 ms
idle:   sti
        hlt
        jmp     idle

handler:
        iretq

        tables  0
