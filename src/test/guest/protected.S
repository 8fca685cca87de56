# A guest in 32-bit protected mode, with gates of 32 bits and one handler that returns from a gate of 16 bits. It takes
# line 10 of the 8259s. The other lines that are requested choose what it does:

        .set    WITH_PAGING,          3               # 32-bit paging, pages of 4 KiB
        .set    WITH_PAE,             4               # PAE paging, pages of 4 KiB
        .set    IN_RING_3,            5               # spins in ring 3, with a stack of ring 0 in the TSS
        .set    IN_VIRTUAL_8086,      6               # spins in virtual-8086 mode
        # with none of the last two: spins in ring 0

        .include "abi.inc"

        .set    CODE,                 0x08
        .set    DATA,                 0x10
        .set    USER_CODE,            0x1b
        .set    USER_DATA,            0x23
        .set    TSS_SELECTOR,         0x28            # 0x30 is a conforming code segment, 0x38 is free
        .set    INTERRUPT_GATE,       0x8e00
        .set    GATES,                256
        .set    STUB_BYTES,           16
        .set    TABLES,               0x20000         # page tables: three pages
        .set    PAGE,                 0x1000
        .set    PAGES,                512             # 2 MiB
        .set    ENTRY_FLAGS,          7               # present, writable, user
        .set    CR0_PE,               1
        .set    CR0_PG,               1 << 31
        .set    CR4_PAE,              1 << 5
        .set    EFLAGS_IF_VM,         0x20202
        .set    EFLAGS_IF,            0x202

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
        mov     %eax, %es
        mov     %eax, %ss
        mov     $stack_top, %esp
        mov     $TSS_SELECTOR, %eax
        ltr     %ax
        call    read_parameters
        call    fill_idt
        lidtl   idt_pointer
        call    page
        mov     parameter_lines, %eax
        mov     %eax, options
        andl    $~(1 << WITH_PAGING | 1 << WITH_PAE | 1 << IN_RING_3 | 1 << IN_VIRTUAL_8086), parameter_lines
        call    program_pics
        mov     $(DOORBELL_READY << 24), %eax
        mov     $DOORBELL_PORT, %edx
        out     %eax, %dx
        btl     $IN_RING_3, options
        jc      ring3
        btl     $IN_VIRTUAL_8086, options
        jc      virtual
        sti
        .globl  spinning, spinning_end
spinning:
        nop
        jmp     spinning
ring3:  push    $USER_DATA
        push    $user_stack_top
        push    $EFLAGS_IF
        push    $USER_CODE
        push    $spinning
        iretl
virtual:
        push    $0                                    # GS, FS, DS, ES
        push    $0
        push    $0
        push    $0
        push    $0                                    # SS
        push    $user_stack_top
        push    $EFLAGS_IF_VM
        push    $0                                    # CS
        push    $spinning
        iretl
spinning_end:

        .text

        .include "pic.inc"

# As in long64.inc.
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
        ret
3:      lea     PARAMETERS_LEAF(%esi), %eax
        cpuid
        mov     %eax, parameter_lines
        ret

fill_idt:
        mov     $stubs, %eax
        mov     $idt, %edi
        mov     $GATES, %ecx
1:      mov     %ax, (%edi)
        movw    $CODE, 2(%edi)
        movw    $0, 4(%edi)
        movb    $(INTERRUPT_GATE >> 8), 5(%edi)
        movw    $0, 6(%edi)
        add     $STUB_BYTES, %eax
        add     $8, %edi
        dec     %ecx
        jnz     1b
        ret

# Maps the first 2 MiB one to one.
page:   btl     $WITH_PAGING, parameter_lines
        jc      page_32
        btl     $WITH_PAE, parameter_lines
        jc      page_pae
        ret
page_32:
        movl    $(TABLES + PAGE + ENTRY_FLAGS), TABLES
        mov     $ENTRY_FLAGS, %eax
        xor     %ecx, %ecx
1:      mov     %eax, TABLES + PAGE(,%ecx,4)
        add     $PAGE, %eax
        inc     %ecx
        cmp     $PAGES, %ecx
        jb      1b
        jmp     turn_on
page_pae:
        movl    $(TABLES + PAGE + 1), TABLES
        movl    $(TABLES + 2 * PAGE + ENTRY_FLAGS), TABLES + PAGE
        mov     $ENTRY_FLAGS, %eax
        xor     %ecx, %ecx
1:      mov     %eax, TABLES + 2 * PAGE(,%ecx,8)
        add     $PAGE, %eax
        inc     %ecx
        cmp     $PAGES, %ecx
        jb      1b
        mov     %cr4, %eax
        or      $CR4_PAE, %eax
        mov     %eax, %cr4
turn_on:
        mov     $TABLES, %eax
        mov     %eax, %cr3
        mov     %cr0, %eax
        or      $CR0_PG, %eax
        mov     %eax, %cr0
        jmp     1f
1:      ret

        .balign STUB_BYTES
        .globl  stubs, stubs_end
stubs:
        .set    vector, 0
        .rept   GATES
        .balign STUB_BYTES
        .if     (vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30)
        .else
        pushl   $0
        .endif
        pushl   $vector
        jmp     handler
        .set    vector, vector + 1
        .endr
        .balign STUB_BYTES
stubs_end:

# Stack: the vector, the error code, EIP, CS, EFLAGS.
handler:
        push    %eax
        push    %edx
        mov     8(%esp), %eax
        cmp     $32, %eax
        jb      exception
        call    take
        pop     %edx
        pop     %eax
        add     $8, %esp
        iretl

# For a gate of 16 bits, of vector 0x2a.
        .globl  handler_16
handler_16:
        push    %eax
        push    %edx
        mov     $0x2a, %eax
        call    take
        pop     %edx
        pop     %eax
        iretw

# EAX = the vector, of the slave 8259. Destroys EAX and EDX.
take:   incl    %ss:MAILBOX_TAKEN(,%eax,4)            # DS is null after virtual-8086 mode
        or      $(DOORBELL_TAKEN << 24), %eax
        mov     $DOORBELL_PORT, %edx
        out     %eax, %dx
        mov     $PIC_OCW2_EOI, %al
        out     %al, $PIC_SLAVE_COMMAND
        out     %al, $PIC_MASTER_COMMAND
        ret

exception:
        mov     12(%esp), %edx
        mov     %edx, %ss:MAILBOX_FAULT_ERROR
        mov     16(%esp), %edx
        mov     %edx, %ss:MAILBOX_FAULT_RIP
        or      $(DOORBELL_FAULT << 24), %eax
        mov     $DOORBELL_PORT, %edx
        out     %eax, %dx
stopped:
        cli
        hlt
        jmp     stopped

        .section .rodata
        .balign 8
gdt_pointer:
        .word   gdt_end - gdt - 1
        .long   gdt
idt_pointer:
        .word   GATES * 8 - 1
        .long   idt

        .data
        .balign 8
        .globl  gdt
gdt:
        .quad   0
        .quad   0x00cf9b000000ffff                    # 0x08: code, 32 bits, DPL 0
        .quad   0x00cf93000000ffff                    # 0x10: data, DPL 0
        .quad   0x00cffb000000ffff                    # 0x18: code, DPL 3
        .quad   0x00cff3000000ffff                    # 0x20: data, DPL 3
        .word   0x67, tss                             # 0x28: a TSS of 32 bits
        .byte   0, 0x89, 0, 0
        .quad   0x00cf9f000000ffff                    # 0x30: conforming code, DPL 0
        .quad   0
gdt_end:
        .balign 4
tss:
        .long   0
        .globl  tss_esp0
tss_esp0:
        .long   ring0_stack_top, DATA
        .fill   0x67 - 11, 1, 0
parameter_lines:
        .long   0
parameter_level:
        .long   0
options:
        .long   0

        .bss
        .balign 8
        .globl  idt
idt:    .skip   GATES * 8
        .balign 16
        .skip   1024
stack_top:
        .skip   1024
ring0_stack_top:
        .skip   1024
user_stack_top:
