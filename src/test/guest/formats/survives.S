# elf64 at 0x100000
# Line 4 is open. Sleeps at the symbol idle. Exceptions with an error code have a handler that returns, so the guest
# survives an interrupt whose delivery raises one.
        .include "pic.inc"
        .globl  _start
_start: mov     $stack_top, %esp
        mov     $256, %ecx                            # every vector: an interrupt gate
        mov     $idt, %edi
1:      mov     $stub, %eax
        cmp     $256 - 8, %ecx                        # vectors 8 to 14: with an error code, but for 9
        ja      2f
        cmp     $256 - 14, %ecx
        jb      2f
        mov     $fault, %eax
2:      mov     %ax, (%rdi)
        movw    $8, 2(%rdi)
        movw    $0x8e00, 4(%rdi)
        shr     $16, %eax
        mov     %ax, 6(%rdi)
        add     $16, %edi
        dec     %ecx
        jnz     1b
        lidt    idtr(%rip)
        open_lines 1 << 4
idle:   sti
        hlt
        jmp     idle

stub:   push    %rax
        mov     $0x20, %al
        out     %al, $0x20
        pop     %rax
        iretq

fault:  add     $8, %rsp
        iretq

        .include "idt64.inc"
