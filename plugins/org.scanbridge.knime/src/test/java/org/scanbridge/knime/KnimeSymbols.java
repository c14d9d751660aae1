package org.scanbridge.knime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.knime.core.standin.SinceKnime;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;
import org.objectweb.asm.Type;
import org.objectweb.asm.TypePath;

/**
 * Collects from byte code what a bundle needs of {@code org.knime.*}: one line for each type, annotation member, field
 * and method it refers to, and for each method of KNIME that it overrides or implements. Names and descriptors are
 * what the JVM links by, so two KNIME versions that both have them run the same class files. What only a later KNIME has
 * and only annotations name ({@link SinceKnime}) is no need: the JVM leaves it out; such lines begin with "later".
 */
final class KnimeSymbols {

    private static final String KNIME = "org/knime/";

    private static final int API = Opcodes.ASM9;

    private final ClassLoader m_loader;

    private final Map<String, Declarations> m_declarations = new HashMap<>();

    private final SortedSet<String> m_symbols = new TreeSet<>();

    private KnimeSymbols(final ClassLoader loader) {
        m_loader = loader;
    }

    /**
     * @param classes a directory of class files
     * @param loader finds these classes and all they derive from
     * @return the symbols, one a line, sorted
     * @throws IOException if a class file cannot be read
     */
    static SortedSet<String> usedBy(final Path classes, final ClassLoader loader) throws IOException {
        final KnimeSymbols symbols = new KnimeSymbols(loader);
        final List<Path> files;
        try (Stream<Path> tree = Files.walk(classes)) {
            files = tree.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (final Path file : files) {
            symbols.read(Files.readAllBytes(file));
        }
        return symbols.m_symbols;
    }

    private void read(final byte[] classFile) {
        new ClassReader(classFile).accept(new Classes(), ClassReader.SKIP_FRAMES);
    }

    private void type(final Type type) {
        switch (type.getSort()) {
            case Type.ARRAY -> type(type.getElementType());
            case Type.OBJECT -> internalName(type.getInternalName());
            case Type.METHOD -> {
                type(type.getReturnType());
                Arrays.stream(type.getArgumentTypes()).forEach(this::type);
            }
            default -> {
                // a primitive type is not KNIME's
            }
        }
    }

    private void internalName(final String name) {
        if (name != null && name.startsWith(KNIME)) {
            m_symbols.add("type " + name.replace('/', '.'));
        }
    }

    private void member(final String kind, final String owner, final String name, final String descriptor) {
        type(Type.getType(descriptor));
        type(Type.getObjectType(owner));
        final Optional<String> knimeOwner = owner.startsWith(KNIME) ? Optional.of(owner)
            : owner.startsWith("[") ? Optional.empty() : declaringKnimeType(owner, name + descriptor, true);
        knimeOwner.ifPresent(type -> add(kind, type, name, descriptor));
    }

    private void add(final String kind, final String owner, final String name, final String descriptor) {
        m_symbols.add(kind + " " + owner.replace('/', '.') + "." + name
            + (descriptor.startsWith("(") ? descriptor : " " + descriptor));
    }

    /** Finds the type of KNIME that declares a member seen from one of our types, if we do not declare it ourselves. */
    private Optional<String> declaringKnimeType(final String type, final String member, final boolean selfToo) {
        final Declarations declarations = declarations(type);
        if (selfToo && declarations.members().contains(member)) {
            return type.startsWith(KNIME) ? Optional.of(type) : Optional.empty();
        }
        return declarations.supertypes().stream().map(supertype -> declaringKnimeType(supertype, member, true))
            .flatMap(Optional::stream).findFirst();
    }

    private Declarations declarations(final String type) {
        if (type.startsWith("java/") || type.startsWith("javax/")) {
            return new Declarations(List.of(), List.of());
        }
        Declarations known = m_declarations.get(type);
        if (known == null) {
            known = Declarations.of(type, m_loader);
            m_declarations.put(type, known);
        }
        return known;
    }

    private void constant(final Object value) {
        if (value instanceof Type type) {
            type(type);
        } else if (value instanceof Handle handle) {
            final boolean field = handle.getTag() <= Opcodes.H_PUTSTATIC;
            member(field ? "field" : "method", handle.getOwner(), handle.getName(), handle.getDesc());
        } else if (value instanceof ConstantDynamic dynamic) {
            type(Type.getType(dynamic.getDescriptor()));
            constant(dynamic.getBootstrapMethod());
        }
    }

    /** What a type declares and derives from. */
    private record Declarations(List<String> supertypes, List<String> members) {

        static Declarations of(final String type, final ClassLoader loader) {
            final List<String> supertypes = new ArrayList<>();
            final List<String> members = new ArrayList<>();
            try (InputStream in = loader.getResourceAsStream(type + ".class")) {
                if (in == null) {
                    throw new IllegalStateException("The class " + type + " is not on the class path.");
                }
                new ClassReader(in).accept(new ClassVisitor(API) {
                    @Override
                    public void visit(final int version, final int access, final String name, final String signature,
                        final String superName, final String[] interfaces) {
                        supertypes.add(superName);
                        supertypes.addAll(List.of(interfaces));
                    }

                    @Override
                    public MethodVisitor visitMethod(final int access, final String name, final String descriptor,
                        final String signature, final String[] exceptions) {
                        if ((access & Opcodes.ACC_PRIVATE) == 0) {
                            members.add(name + descriptor);
                        }
                        return null;
                    }

                    @Override
                    public FieldVisitor visitField(final int access, final String name, final String descriptor,
                        final String signature, final Object value) {
                        members.add(name + descriptor);
                        return null;
                    }
                }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read class " + type, e);
            }
            return new Declarations(supertypes, members);
        }
    }

    /** Visits a class of ours. */
    private final class Classes extends ClassVisitor {

        private String m_name;

        Classes() {
            super(API);
        }

        @Override
        public void visit(final int version, final int access, final String name, final String signature,
            final String superName, final String[] interfaces) {
            m_name = name;
            internalName(superName);
            Arrays.stream(interfaces).forEach(KnimeSymbols.this::internalName);
        }

        @Override
        public AnnotationVisitor visitAnnotation(final String descriptor, final boolean visible) {
            return new Annotations(descriptor);
        }

        @Override
        public AnnotationVisitor visitTypeAnnotation(final int typeRef, final TypePath typePath,
            final String descriptor, final boolean visible) {
            return new Annotations(descriptor);
        }

        @Override
        public RecordComponentVisitor visitRecordComponent(final String name, final String descriptor,
            final String signature) {
            type(Type.getType(descriptor));
            return null;
        }

        @Override
        public FieldVisitor visitField(final int access, final String name, final String descriptor,
            final String signature, final Object value) {
            type(Type.getType(descriptor));
            return new FieldVisitor(API) {
                @Override
                public AnnotationVisitor visitAnnotation(final String annotation, final boolean visible) {
                    return new Annotations(annotation);
                }
            };
        }

        @Override
        public MethodVisitor visitMethod(final int access, final String name, final String descriptor,
            final String signature, final String[] exceptions) {
            type(Type.getType(descriptor));
            if (exceptions != null) {
                Arrays.stream(exceptions).forEach(KnimeSymbols.this::internalName);
            }
            final boolean overridable = (access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC)) == 0;
            if (overridable && !name.startsWith("<")) {
                declaringKnimeType(m_name, name + descriptor, false)
                    .ifPresent(owner -> add("override", owner, name, descriptor));
            }
            return new Code();
        }
    }

    /** Visits an annotation. */
    private final class Annotations extends AnnotationVisitor {

        private final Type m_type;

        private final boolean m_later;

        Annotations(final String descriptor) {
            super(API);
            m_type = Type.getType(descriptor);
            m_later = isKnimes() && load().isAnnotationPresent(SinceKnime.class);
            if (!m_later) {
                type(m_type);
            }
        }

        @Override
        public void visit(final String name, final Object value) {
            if (use(name)) {
                constant(value);
            }
        }

        @Override
        public void visitEnum(final String name, final String descriptor, final String value) {
            if (use(name)) {
                member("field", Type.getType(descriptor).getInternalName(), value, descriptor);
            }
        }

        @Override
        public AnnotationVisitor visitAnnotation(final String name, final String descriptor) {
            use(name);
            return new Annotations(descriptor);
        }

        @Override
        public AnnotationVisitor visitArray(final String name) {
            use(name);
            return this;
        }

        /** @return whether the value is looked at on the oldest KNIME */
        private boolean use(final String name) {
            final boolean later = m_later || name != null && isKnimes() && isLater(name);
            if (name != null && isKnimes()) {
                m_symbols.add((later ? "later annotation " : "annotation ") + m_type.getClassName() + "#" + name);
            }
            return !later;
        }

        private boolean isKnimes() {
            return m_type.getInternalName().startsWith(KNIME);
        }

        private boolean isLater(final String member) {
            return Arrays.stream(load().getDeclaredMethods())
                .anyMatch(m -> m.getName().equals(member) && m.isAnnotationPresent(SinceKnime.class));
        }

        private Class<?> load() {
            try {
                return Class.forName(m_type.getClassName(), false, m_loader);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("The annotation " + m_type.getClassName() + " is not on the class path.", e);
            }
        }
    }

    /** Visits the code of a method. */
    private final class Code extends MethodVisitor {

        Code() {
            super(API);
        }

        @Override
        public AnnotationVisitor visitAnnotation(final String descriptor, final boolean visible) {
            return new Annotations(descriptor);
        }

        @Override
        public void visitTypeInsn(final int opcode, final String type) {
            type(Type.getObjectType(type));
        }

        @Override
        public void visitFieldInsn(final int opcode, final String owner, final String name, final String descriptor) {
            member("field", owner, name, descriptor);
        }

        @Override
        public void visitMethodInsn(final int opcode, final String owner, final String name, final String descriptor,
            final boolean isInterface) {
            member("method", owner, name, descriptor);
        }

        @Override
        public void visitInvokeDynamicInsn(final String name, final String descriptor, final Handle bootstrap,
            final Object... arguments) {
            type(Type.getType(descriptor));
            Arrays.stream(arguments).forEach(KnimeSymbols.this::constant);
            final Type made = Type.getReturnType(descriptor);
            final boolean lambda = bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory");
            if (lambda && made.getInternalName().startsWith(KNIME)) {
                add("override", made.getInternalName(), name, ((Type)arguments[0]).getDescriptor());
            }
        }

        @Override
        public void visitLdcInsn(final Object value) {
            constant(value);
        }

        @Override
        public void visitMultiANewArrayInsn(final String descriptor, final int dimensions) {
            type(Type.getType(descriptor));
        }

        @Override
        public void visitTryCatchBlock(final Label start, final Label end, final Label handler, final String type) {
            internalName(type);
        }
    }
}
