# As pic, in real mode: 16-bit code, and an interrupt vector table at 0 instead of an IDT.

        .include "abi.inc"

        .set    VECTORS, 256
        .set    STUB_BYTES, 8

        .code16
        .section .text.start, "ax"
        .globl  _start
_start:
        xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %es
        mov     %ax, %ss
        mov     $stack_top, %sp
        call    read_parameters
        call    install_ivt
        call    program_pics
        mov     $(DOORBELL_READY << 24), %eax
        mov     $DOORBELL_PORT, %dx
        out     %eax, %dx
sleep:  sti
        hlt
        jmp     sleep

        .text

        .include "pic.inc"

# Finds Interject's CPUID range and stores the boot parameters.
read_parameters:
        mov     $HYPERVISOR_LEAVES, %esi
1:      mov     %esi, %eax
        cpuid
        cmp     $PARAMETERS_SIGNATURE_EBX, %ebx
        jne     2f
        cmp     $PARAMETERS_SIGNATURE_ECX, %ecx
        jne     2f
        cmp     $PARAMETERS_SIGNATURE_EDX, %edx
        je      3f
2:      add     $HYPERVISOR_STEP, %esi
        cmp     $HYPERVISOR_END, %esi
        jb      1b
        ret                                           # not found: no lines, edge
3:      mov     %esi, %eax
        add     $PARAMETERS_LEAF, %eax
        cpuid
        mov     %eax, parameter_lines
        mov     %ebx, parameter_level
        ret

# An entry of the table is offset, then segment; every segment here is 0.
install_ivt:
        mov     $stubs, %ax
        xor     %di, %di
        mov     $VECTORS, %cx
1:      mov     %ax, (%di)
        movw    $0, 2(%di)
        add     $STUB_BYTES, %ax
        add     $4, %di
        dec     %cx
        jnz     1b
        lidt    ivt_pointer
        ret

        .balign STUB_BYTES
        .globl  stubs, stubs_end
stubs:
        .set    vector, 0
        .rept   VECTORS
        .balign STUB_BYTES
        pushw   $vector
        jmp     handler
        .set    vector, vector + 1
        .endr
        .balign STUB_BYTES
stubs_end:

# Stack (16-bit words below the two saved doublewords): vector, IP, CS, FLAGS. Real mode pushes no error codes.
handler:
        push    %eax
        push    %edx
        rdtsc
        push    %ebp
        mov     %sp, %bp
        movzwl  12(%bp), %ebp
        mov     %eax, STAMPS_ENTERED(,%ebp,8)
        mov     %edx, STAMPS_ENTERED + 4(,%ebp,8)
        mov     %ebp, %eax
        mov     %sp, %bp
        cmp     $32, %ax
        jb      exception
        cmp     $(PIC_MASTER_BASE + 7), %ax
        je      maybe_spurious_master
        cmp     $(PIC_SLAVE_BASE + 7), %ax
        je      maybe_spurious_slave
taken:
        incl    MAILBOX_TAKEN(,%eax,4)
        or      $(DOORBELL_TAKEN << 24), %eax
        mov     $DOORBELL_PORT, %dx
        out     %eax, %dx
        mov     12(%bp), %dx
        sub     $PIC_MASTER_BASE, %dx
        cmp     $16, %dx
        jae     2f                                    # not from an 8259: no EOI
        mov     $PIC_OCW2_EOI, %al
        cmp     $8, %dx
        jb      1f
        out     %al, $PIC_SLAVE_COMMAND
1:      out     %al, $PIC_MASTER_COMMAND
2:      rdtsc
        movzwl  12(%bp), %ebp
        mov     %eax, STAMPS_LEFT(,%ebp,8)            # the low half first: see Mailbox
        mov     %edx, STAMPS_LEFT + 4(,%ebp,8)
        pop     %ebp
        pop     %edx
        pop     %eax
        add     $2, %sp
        iretw

maybe_spurious_master:
        pic_out PIC_OCW3_READ_ISR, PIC_MASTER_COMMAND
        in      $PIC_MASTER_COMMAND, %al
        test    $0x80, %al
        movzwl  12(%bp), %eax
        jnz     taken
        call    report_spurious
        jmp     2b
maybe_spurious_slave:
        pic_out PIC_OCW3_READ_ISR, PIC_SLAVE_COMMAND
        in      $PIC_SLAVE_COMMAND, %al
        test    $0x80, %al
        movzwl  12(%bp), %eax
        jnz     taken
        call    report_spurious
        pic_out PIC_OCW2_EOI, PIC_MASTER_COMMAND
        jmp     2b
report_spurious:
        incl    MAILBOX_SPURIOUS
        or      $(DOORBELL_SPURIOUS << 24), %eax
        mov     $DOORBELL_PORT, %dx
        out     %eax, %dx
        ret

exception:
        movzwl  14(%bp), %edx
        mov     %edx, MAILBOX_FAULT_RIP
        or      $(DOORBELL_FAULT << 24), %eax
        mov     $DOORBELL_PORT, %dx
        out     %eax, %dx
stopped:
        cli
        hlt
        jmp     stopped

        .section .rodata
ivt_pointer:
        .word   VECTORS * 4 - 1
        .long   0

        .data
        .balign 4
parameter_lines:
        .long   0
parameter_level:
        .long   0

        .bss
        .balign 16
        .skip   1024
stack_top:
