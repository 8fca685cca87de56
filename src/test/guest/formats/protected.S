# elf32 at 0x100000
# Protected mode, line 4 open. Its handler does not return, since some hosts cannot emulate that: it sleeps again.
        .code32
        .include "pic.inc"
        .globl  _start
_start: open_lines 1 << 4
        mov     $handler, %eax
        mov     %ax, gate
        movw    $8, gate + 2
        movw    $0x8e00, gate + 4
        shr     $16, %eax
        mov     %ax, gate + 6
        lidt    idtr
idle:   mov     $stack_top, %esp
        sti
asleep: hlt
        jmp     idle

handler:
        mov     $0x20, %al
        out     %al, $0x20
        jmp     idle

idtr:   .short  0x24 * 8 + 7
        .long   idt
        .bss
        .balign 8
idt:    .skip   0x24 * 8
gate:   .skip   8
        .skip   4096
stack_top:
