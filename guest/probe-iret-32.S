# A guest of 32-bit protected mode that reports READY, executes an IRET, and reports READY again.

        .include "abi.inc"

        .set    CODE,                 0x08
        .set    DATA,                 0x10
        .set    CR0_PE,               1

        .code16
        .section .text.start, "ax"
        .globl  _start
_start: lgdtl   gdt_pointer
        mov     %cr0, %eax
        or      $CR0_PE, %al
        mov     %eax, %cr0
        ljmpl   $CODE, $1f
        .code32
1:      mov     $DATA, %eax
        mov     %eax, %ds
        mov     %eax, %ss
        mov     $stack_top, %esp
        call    report_ready
        pushf
        push    %cs
        push    $2f
        iretl
2:      call    report_ready
stopped:
        cli
        hlt
        jmp     stopped
report_ready:
        mov     $(DOORBELL_READY << 24), %eax
        mov     $DOORBELL_PORT, %edx
        out     %eax, %dx
        ret

        .text
        .globl  stubs, stubs_end
stubs:
stubs_end:

        .section .rodata
        .balign 8
gdt:
        .quad   0
        .quad   0x00cf9b000000ffff                    # 0x08: code, 32 bits, DPL 0
        .quad   0x00cf93000000ffff                    # 0x10: data, DPL 0
gdt_end:
gdt_pointer:
        .word   gdt_end - gdt - 1
        .long   gdt

        .bss
        .balign 16
        .skip   256
stack_top:
