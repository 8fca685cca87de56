# binary at 0x7c00
# Real mode: calls vector 0x24 by INT n in a loop, with IF=1 only for a moment in each pass. Line 4 is open, at vector 0x24.
        .code16
        .include "pic.inc"
        .globl  _start
_start: xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %ss
        mov     $0x7c00, %sp
        open_lines 1 << 4
        movw    $handler, 0x24 * 4
        movw    $0, 0x24 * 4 + 2
again:  int     $0x24
        inc     %bx
        test    $0x3f, %bx
        jnz     again
        sti
        nop
        nop
        in      $0x80, %al
        cli
        jmp     again

# Ends what is in service, if anything is.
handler:
        push    %ax
        mov     $0x20, %al
        out     %al, $0x20
        pop     %ax
        iret
        .org    510
        .word   0xaa55
