# elf64 at 0x100000
# Lines 0 and 4 are open, and have the same handler; the timer ticks on line 0. Sleeps at the symbol idle. The handler
# starts the timer for the next tick, so that the guest gets on however slow its host is.
        .include "pic.inc"
        .macro  start_tick                            # counter 0, mode 0, 50 ms
        mov     $0x30, %al
        out     %al, $0x43
        mov     $0x0b, %al
        out     %al, $0x40
        mov     $0xe9, %al
        out     %al, $0x40
        .endm

        .globl  _start
_start: mov     $stack_top, %esp
        mov     $256, %ecx                            # every vector: an interrupt gate to the stub
        mov     $idt, %edi
1:      mov     $stub, %eax
        mov     %ax, (%rdi)
        movw    $8, 2(%rdi)
        movw    $0x8e00, 4(%rdi)
        shr     $16, %eax
        mov     %ax, 6(%rdi)
        add     $16, %edi
        dec     %ecx
        jnz     1b
        lidt    idtr(%rip)
        open_lines 1 << 0 | 1 << 4
        start_tick
idle:   sti
        hlt
        jmp     idle

stub:   push    %rax
        start_tick
        mov     $0x20, %al
        out     %al, $0x20
        pop     %rax
        iretq

        .include "idt64.inc"
