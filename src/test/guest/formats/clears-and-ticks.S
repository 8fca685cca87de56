# elf64 at 0x100000
# As clears-irr; then the timer ticks each millisecond on line 0, with the same handler.
        .include "line.inc"
        .globl  _start
_start: open_line 4
        mov     gate(%rip), %rax
        mov     %rax, idt + 0x20 * 16(%rip)
closed: nop
        open_lines 1 << 0 | 1 << 4
        start_timer 0x34, 0x04a9
idle:   sti
        hlt
        jmp     idle

handler:
        ends_interrupt

        tables  4
